import type { KernelParameter } from '../parse/kernel-cmdline.ts';
import type { DegradedPolicy, Watchlist } from '../watchlist/watchlist.ts';
import type { ShellDenial } from './shell-denial.ts';

/** What the kernel command line says to the engine, over the settings that the image carries. */
export interface BootOptions {
  /** Nothing is to be done; the generator's own way is wanted. */
  readonly off: string | null;
  readonly waitMs: number | null;
  readonly maxWaitMs: number;
  readonly degraded: DegradedPolicy | null;
  readonly stale: 'ask' | 'start';
  /** md's own word (md.rst, start_dirty_degraded): parity that may be wrong is accepted. */
  readonly startDirty: boolean;
  /** Null when a rescue shell may be opened. */
  readonly shellDenied: ShellDenial | null;
  /** Arguments of ours that could not be understood. */
  readonly warnings: readonly string[];
}

/**
 * Reads `reliable_raid=…`, `reliable_raid.KEY=…` (also with an `rd.` prefix), Ubuntu's `bootdegraded=`, `panic=`,
 * `rd.shell=0`, `rd.md=0` and md's `md_mod.start_dirty_degraded=`. The last of several wins, as for the kernel's own arguments. Malformed values are named and
 * ignored, except that anything unclear about the shell denies it (S10).
 */
export function bootOptions(args: readonly KernelParameter[], settings: Watchlist['settings']): BootOptions {
  let off: string | null = null;
  let waitMs: number | null = null;
  let { maxWaitMs } = settings;
  let degraded: DegradedPolicy | null = null;
  let stale = settings.stale;
  let startDirty = false;
  let shellDenied: ShellDenial | null = settings.shell === 'deny' ? { by: 'configuration' } : null;
  const warnings: string[] = [];
  for (const { name: rawName, value } of args) {
    const name = rawName.replaceAll('-', '_').replace(/^rd\.(?=reliable_raid)/, '');
    const malformed = (allowed: string) =>
      warnings.push(`kernel argument ${rawName}=${value ?? ''}: expected ${allowed}; it is ignored`);
    switch (name) {
      case 'reliable_raid':
        if (value === 'off' || value === '0' || value === 'no')
          off = `${rawName}=${value} is on the kernel command line`;
        else if (value === 'on' || value === '1' || value === 'yes') off = null;
        else malformed('on or off');
        break;
      case 'rd.md':
        if (isFalse(value)) off = `${rawName}=${value} is on the kernel command line`;
        break;
      case 'reliable_raid.wait':
        waitMs = durationMs(value) ?? waitMs;
        if (durationMs(value) === null) malformed('a number of seconds');
        break;
      case 'reliable_raid.max_wait':
        maxWaitMs = durationMs(value) ?? maxWaitMs;
        if (durationMs(value) === null) malformed('a number of seconds');
        break;
      case 'reliable_raid.degraded':
        if (value === 'start' || value === 'ask' || value === 'never') degraded = value;
        else malformed('start, ask or never');
        break;
      case 'bootdegraded':
        if (isFalse(value)) degraded = 'ask';
        else degraded = 'start';
        break;
      case 'md_mod.start_dirty_degraded':
        startDirty = isModuleNumber(value) ? Number(value) !== 0 : startDirty;
        break;
      case 'reliable_raid.stale':
        if (value === 'ask' || value === 'start') stale = value;
        else malformed('ask or start');
        break;
      case 'reliable_raid.shell':
        if (value === 'allow') shellDenied = settings.shell === 'deny' ? shellDenied : null;
        else {
          shellDenied = byArgument(rawName, value);
          if (value !== 'deny') malformed('allow or deny');
        }
        break;
      default:
        if (name.startsWith('reliable_raid.'))
          warnings.push(`kernel argument ${rawName}: not known; it is ignored`);
    }
  }
  // These forbid a shell whatever else is given: the machine itself would not give one either.
  for (const { name, value } of args) {
    if (name === 'panic') shellDenied = byArgument(name, value);
    if (name === 'rd.shell' && isFalse(value)) shellDenied = byArgument(name, value);
  }
  return { off, waitMs, maxWaitMs, degraded, stale, startDirty, shellDenied, warnings };
}

const byArgument = (name: string, value: string | null): ShellDenial => ({
  by: 'kernel-argument',
  argument: `${name}=${value ?? ''}`,
});

/** At most a day; null for anything but a number of seconds. */
const durationMs = (value: string | null): number | null =>
  value !== null && /^\d{1,5}$/.test(value) && Number(value) <= 86_400 ? Number(value) * 1000 : null;

/** As the kernel reads a parameter of type int; what it refuses is not set. */
export const isModuleNumber = (value: string | null): value is string =>
  value !== null && /^-?(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(value);

const isFalse = (value: string | null): boolean => value !== null && /^(0|no|off|false)$/i.test(value);
