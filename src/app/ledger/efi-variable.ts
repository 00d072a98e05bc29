import { MAX_VARIABLE_TEXT, parseLedgerText } from '../../core/ledger/ledger-text.ts';
import type { PlaceState } from '../../core/ledger/places.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import type { Machine } from '../machine.ts';
import { runPath } from '../own-places.ts';
import { messageOf, whyItFailed } from '../why-it-failed.ts';

export const VARIABLE_NAME = 'ReliableRaidLedger-5a1f3c52-7d0b-4c8e-9f2a-6b1d0e4c7a93';

/** Non-volatile, seen by firmware and system: the first four bytes of the file (Linux, Documentation/filesystems/efivarfs.rst). */
const ATTRIBUTES = '\x07\0\0\0';

/** Firmware may take its time; a boot does not wait for it longer. */
const MOUNT_TIMEOUT_MS = 5_000;

type EfiSources = Pick<Machine, 'files' | 'runner' | 'paths'>;

const firmwareFolder = ({ paths }: Pick<Machine, 'paths'>): string => `${paths.sys}/firmware/efi`;
const variablesFolder = (machine: EfiSources): string => `${firmwareFolder(machine)}/efivars`;

export const variablePath = (machine: EfiSources): string => `${variablesFolder(machine)}/${VARIABLE_NAME}`;

/** In the boot image nobody else mounts them; read-only, and left as a mark for the script that unmounts them again. */
export async function mountVariables(machine: EfiSources): Promise<void> {
  const { files, runner, paths } = machine;
  const folder = variablesFolder(machine);
  if (!(await files.exists(firmwareFolder(machine))) || (await files.list(folder)).length > 0) return;
  const options = 'ro,nosuid,nodev,noexec';
  const mounted = await runner.run(['mount', '-t', 'efivarfs', '-o', options, 'efivarfs', folder], {
    timeoutMs: MOUNT_TIMEOUT_MS,
  });
  if (mounted.status === 0)
    await files.writeValue(runPath(paths, 'efivars'), `${folder}\n`).catch(() => undefined);
}

/** Whether a boot remembers who was in sync without the image. */
export const hasRecord = async (machine: EfiSources): Promise<boolean> =>
  (await readVariable(machine)).kind !== 'none';

export async function readVariable(machine: EfiSources): Promise<PlaceState> {
  if (!(await machine.files.exists(firmwareFolder(machine))))
    return { kind: 'none', why: 'this machine was not started by EFI firmware' };
  if ((await machine.files.list(variablesFolder(machine))).length === 0)
    return { kind: 'none', why: 'the EFI variables are not mounted' };
  const read = await machine.files.readTextOrReason(variablePath(machine), 2 * MAX_VARIABLE_TEXT);
  if ('reason' in read) {
    if (read.reason === 'missing') return { kind: 'empty' };
    return read.reason === 'denied'
      ? { kind: 'denied', why: 'may not be read: run it as root' }
      : { kind: 'damaged', why: `cannot be read (${read.detail})` };
  }
  if (!read.text.startsWith(ATTRIBUTES))
    return { kind: 'damaged', why: 'has attributes that reliable-raid does not set' };
  const parsed = parseLedgerText(read.text.slice(ATTRIBUTES.length), 'EFI variable', MAX_VARIABLE_TEXT);
  return parsed.ok ? { kind: 'read', ledger: parsed.value } : { kind: 'damaged', why: parsed.why };
}

/**
 * Replaces the variable's content: one write(2) of attributes and data, never deleted before, read back after. The kernel
 * protects variables that it does not know by the immutable flag, which is taken off first.
 */
export async function writeVariable(machine: EfiSources, text: string): Promise<Result<null>> {
  const { files, runner } = machine;
  const path = variablePath(machine);
  const isThere = await files.exists(path);
  const unlocked = isThere ? await runner.run(['chattr', '-i', path]) : null;
  try {
    await files.writeValue(path, `${ATTRIBUTES}${text}`);
  } catch (error) {
    const why = messageOf(error);
    const stayedLocked = unlocked !== null && unlocked.status !== 0 && /not permitted/i.test(why);
    const locked = stayedLocked ? `; chattr ${whyItFailed(unlocked)}` : '';
    return failure('EFI variable', `could not be written: ${why}${locked}`);
  }
  const again = await files.readText(path, 2 * MAX_VARIABLE_TEXT);
  return again === `${ATTRIBUTES}${text}`
    ? ok(null)
    : failure('EFI variable', 'does not hold what was written to it');
}
