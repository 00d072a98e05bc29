import type { BootEntry } from '../parse/efi-boot.ts';
import type { LoaderKind } from '../parse/loader-code.ts';
import type { Grade } from './grade.ts';

/** A partition that firmware can read files from. */
export interface Esp {
  /** Kernel name. */
  readonly device: string;
  /** Kernel names of the disks below it. */
  readonly disks: readonly string[];
  readonly partUuid: string | null;
  /** Programs that a boot entry names or that lie at the removable-media path, by path in lower case; null: it cannot be read. */
  readonly programs: ReadonlyMap<string, Program> | null;
  /** Entries of systemd-boot, and the first file of each that is not there; none where it is not installed. */
  readonly entries: readonly { readonly name: string; readonly missing: string | null }[];
}

export interface Program {
  readonly kind: LoaderKind;
  /** The UUID of the file system in which GRUB looks for its modules and menu, in lower case; null where that is not known. */
  readonly searches: string | null;
}

/** How firmware finds a boot loader. */
export type FirmwareFacts =
  | {
      readonly kind: 'efi';
      /** In the order in which firmware tries them; null: the variables cannot be read. */
      readonly entries: readonly BootEntry[] | null;
      readonly esps: readonly Esp[];
      /** The removable-media path of this machine, in lower case. */
      readonly removablePath: string;
    }
  | { readonly kind: 'bios'; readonly disks: readonly BiosDisk[] };

export interface BiosDisk {
  /** Kernel name. */
  readonly device: string;
  /**
   * `no-core`: GRUB's boot code, and no core image where it points. `other-core`: one that is not the one beside the modules of GRUB, which it
   * may not understand. `empty`: a boot sector without a program.
   */
  readonly code: 'grub' | 'other-core' | 'no-core' | 'none' | 'empty' | 'other' | 'unread';
}

/** What firmware starts. */
export interface Start {
  readonly loader: 'grub' | 'systemd-boot';
  /** The partition that it comes from; null for BIOS. */
  readonly esp: Esp | null;
  /** Of the loader on it, in lower case; of GRUB where shim is started. */
  readonly path: string | null;
  /** Another ESP, gone or not, has an entry of systemd-boot whose files are there. */
  readonly hasOther: boolean;
}

export type FirmwareFinding = {
  readonly stage: 'firmware';
  readonly grade: Grade;
} & (
  | { readonly code: 'no-loader'; readonly firmware: 'efi' | 'bios'; readonly hint: RemedyHint }
  | { readonly code: 'no-variables' }
  | { readonly code: 'removable-path'; readonly device: string }
  | { readonly code: 'other-loader'; readonly device: string; readonly path: string | null }
  | { readonly code: 'other-entries'; readonly names: readonly string[]; readonly hint: RemedyHint }
  | { readonly code: 'unread'; readonly devices: readonly string[] }
  | { readonly code: 'no-core'; readonly device: string }
  | { readonly code: 'other-core'; readonly devices: readonly string[] }
  | { readonly code: 'empty-sector'; readonly devices: readonly string[] }
);

/** What there is to install a loader on. */
export interface RemedyHint {
  readonly loader: 'grub' | 'systemd-boot';
  /** Kernel names of disks (BIOS) or ESPs (EFI) that are left and start nothing. */
  readonly devices: readonly string[];
}

export interface FirmwareOutcome {
  readonly start: Start | null;
  readonly findings: readonly FirmwareFinding[];
}

/** What firmware starts once these disks are gone. `ofBoot`: kernel names of the disks of root and /boot, where a loader can be put. */
export function judgeFirmware(
  facts: FirmwareFacts,
  taken: ReadonlySet<string>,
  ofBoot: ReadonlySet<string> = new Set(),
): FirmwareOutcome {
  return facts.kind === 'efi' ? judgeEfi(facts, taken) : judgeBios(facts.disks, taken, ofBoot);
}

type EfiFacts = Extract<FirmwareFacts, { kind: 'efi' }>;

function judgeEfi(facts: EfiFacts, taken: ReadonlySet<string>): FirmwareOutcome {
  const { start, findings } = startOfEfi(facts, taken);
  if (start === null) return { start, findings };
  const hasOther = facts.esps.some(
    (esp) => esp !== start.esp && esp.entries.some(({ missing }) => missing === null),
  );
  return { start: { ...start, hasOther }, findings };
}

interface FoundStart extends Omit<FirmwareOutcome, 'start'> {
  readonly start: Omit<Start, 'hasOther'> | null;
}

function startOfEfi({ entries, esps, removablePath }: EfiFacts, taken: ReadonlySet<string>): FoundStart {
  if (entries === null) return only({ ...STAGE, grade: 'unknown', code: 'no-variables' });
  const left = esps.filter(({ disks }) => !disks.some((disk) => taken.has(disk)));
  const unread = left.filter(({ programs }) => programs === null).map(({ device }) => device);
  const others: string[] = [];
  for (const { target, description, isActive } of entries) {
    if (!isActive) continue;
    if (target.kind === 'other') others.push(description);
    if (target.kind !== 'partition') continue;
    const esp = left.find(({ partUuid }) => partUuid?.toLowerCase() === target.partUuid.toLowerCase());
    const path = (target.path ?? removablePath).toLowerCase();
    const started = esp === undefined ? null : startOf(esp, path);
    if (started !== null) return started;
  }
  if (unread.length > 0) return only({ ...STAGE, grade: 'unknown', code: 'unread', devices: unread });
  for (const esp of left) {
    const started = startOf(esp, removablePath);
    if (started === null) continue;
    const by = { ...STAGE, grade: 'note' as const, code: 'removable-path' as const, device: esp.device };
    return { start: started.start, findings: [...started.findings, by] };
  }
  const loaders = esps.flatMap(({ programs }) => [...(programs?.values() ?? [])].map(({ kind }) => kind));
  const loader = loaders.includes('systemd-boot') && !loaders.includes('grub') ? 'systemd-boot' : 'grub';
  const hint = { loader, devices: left.map(({ device }) => device) } as const;
  if (others.length > 0)
    return only({ ...STAGE, grade: 'unknown', code: 'other-entries', names: others, hint });
  return only({ ...STAGE, grade: 'stop', code: 'no-loader', firmware: 'efi', hint });
}

const STAGE = { stage: 'firmware' } as const;

const only = (finding: FirmwareFinding): FirmwareOutcome & { readonly start: null } => ({
  start: null,
  findings: [finding],
});

/** null where firmware goes on to its next entry. shim starts the GRUB that lies beside it. */
function startOf(esp: Esp, path: string): FoundStart | null {
  const programs = esp.programs ?? new Map<string, Program>();
  const kind = programs.get(path)?.kind;
  if (kind === undefined) return null;
  if (kind === 'grub' || kind === 'systemd-boot') return { start: { loader: kind, esp, path }, findings: [] };
  const folder = path.replace(/[^/]*$/, '');
  const beside = [...programs].find(
    ([other, one]) => one.kind === 'grub' && other.startsWith(`${folder}grub`) && other !== path,
  );
  if (kind === 'shim' && beside !== undefined)
    return { start: { loader: 'grub', esp, path: beside[0] }, findings: [] };
  return only({ ...STAGE, grade: 'unknown', code: 'other-loader', device: esp.device, path });
}

/**
 * Nobody knows in which order BIOS tries disks. What starts from any of them is counted on, unless the disk that it has started so far may be
 * gone and another one of the boot is marked as startable and is not, or has an old GRUB: a BIOS that comes to that one first stays there.
 */
function judgeBios(
  disks: readonly BiosDisk[],
  taken: ReadonlySet<string>,
  ofBoot: ReadonlySet<string>,
): FirmwareOutcome {
  const left = disks.filter(({ device }) => !taken.has(device));
  const broken = left
    .filter(({ code }) => code === 'no-core')
    .map(({ device }) => ({ ...STAGE, grade: 'note' as const, code: 'no-core' as const, device }));
  const isOutdated = ({ device, code }: BiosDisk): boolean => code === 'other-core' && ofBoot.has(device);
  const good = left.some(({ code }) => code === 'grub');
  const outdated = named(left, isOutdated);
  if (good || outdated.length > 0) {
    const start = { loader: 'grub', esp: null, path: null, hasOther: false } as const;
    const isLost = disks.some((disk) => (disk.code === 'grub' || isOutdated(disk)) && taken.has(disk.device));
    const findings: FirmwareFinding[] = [...broken];
    if (outdated.length > 0) {
      const grade = good && !isLost ? 'note' : 'unknown';
      findings.push({ ...STAGE, grade, code: 'other-core', devices: outdated });
    }
    const empty = named(left, ({ device, code }) => code === 'empty' && ofBoot.has(device));
    if (isLost && empty.length > 0)
      findings.push({ ...STAGE, grade: 'unknown', code: 'empty-sector', devices: empty });
    return { start, findings };
  }
  const unread = named(left, ({ code }) => code === 'unread');
  if (unread.length > 0) return only({ ...STAGE, grade: 'unknown', code: 'unread', devices: unread });
  // A GRUB on a disk that is none of the boot is another system's.
  const [other] = left.filter(({ code }) => code === 'other' || code === 'other-core');
  if (other !== undefined)
    return only({ ...STAGE, grade: 'unknown', code: 'other-loader', device: other.device, path: null });
  // A machine that no disk of its own has ever started is started by something else, such as the network.
  const grade = disks.some(({ code }) => code === 'grub' || code === 'no-core') ? 'stop' : 'unknown';
  const hint = { loader: 'grub', devices: left.map(({ device }) => device) } as const;
  return {
    start: null,
    findings: [...broken, { ...STAGE, grade, code: 'no-loader', firmware: 'bios', hint }],
  };
}

const named = (disks: readonly BiosDisk[], chosen: (disk: BiosDisk) => boolean): readonly string[] =>
  disks.filter(chosen).map(({ device }) => device);
