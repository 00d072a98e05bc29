import { INITRAMFS_TOOLS, type ResumeSettings } from '../../core/image/generator.ts';
import { parseCrypttab } from '../../core/parse/crypttab.ts';
import { mountsByFindmnt, parseFindmntMounts } from '../../core/parse/findmnt-json.ts';
import { isConfName, lastAssignment } from '../../core/parse/initramfs-conf.ts';
import { type Mount, parseMountinfo } from '../../core/parse/mountinfo.ts';
import { parseProcSwaps } from '../../core/parse/proc-swaps.ts';
import { ok, type Result } from '../../core/result/result.ts';
import type { RootFacts } from '../../core/topology/boot-mounts.ts';
import { isInitialNamespace, whoseRoot } from '../../core/topology/whose-root.ts';
import type { FactSources } from '../machine.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';
import { readFstab } from './fstab-facts.ts';
import { PATIENT } from './patience.ts';

/** Thousands of mounts. */
const MAX_MOUNTINFO_BYTES = 64 * 1024 * 1024;

/** Whose boot is asked about. */
export interface RootRequest {
  /** Folder of that system's root, free of links; `/` for this one. */
  readonly root: string;
  /** A file to read instead of its etc/fstab; then only that file counts, not what is mounted. */
  readonly fstab: string | null;
  /** The swap to resume from, where the caller knows; the kernel command line may name another one. */
  readonly resume: string | null;
  /** Without any such setting, take the largest swap in use, as the generator does. */
  readonly guessResume: boolean;
}

export interface FoundRoot {
  readonly facts: RootFacts;
  readonly hostName: string;
  /** Its etc folder. */
  readonly etc: string;
}

/** Reads fstab, crypttab, what is mounted, the kernel command line and the resume settings of a system. */
export async function readRootFacts(
  machine: FactSources,
  request: RootRequest,
  warnings: string[],
): Promise<Result<FoundRoot>> {
  const { files, paths } = machine;
  const isOther = request.root !== '/';
  const etc = isOther ? `${request.root}/etc` : paths.etc;
  const onlyFstab = request.fstab !== null;
  const [mounts, fstab, crypttabText, isContained, ofInit] = await Promise.all([
    onlyFstab ? readOwnMounts(machine) : readMounts(machine),
    readFstab(machine, request.fstab ?? `${etc}/fstab`, onlyFstab, warnings),
    files.readText(`${etc}/crypttab`),
    isContainer(machine),
    files.readText(`${paths.proc}/1/mountinfo`),
  ]);
  if (!fstab.ok) return fstab;
  const whose = isContained ? 'container' : whoseRoot(mounts, parseMountinfo(ofInit ?? ''));
  const isRunning = !isOther && whose === 'running';
  const isMountedAsWell = !onlyFstab && (isOther || whose === 'running' || whose === 'chroot');
  if (!isMountedAsWell && !onlyFstab)
    warnings.push(
      `/: this is a ${whose === 'container' ? 'container' : 'chroot in a folder of another system'}: only ` +
        `${fstab.value.at} counts, neither the kernel command line nor what is mounted, which are that of the host`,
    );
  const crypttabAt = `${etc}/crypttab`;
  const crypttab = parseCrypttab(crypttabText ?? '', crypttabAt);
  for (const { at, why } of crypttab.faults) warnings.push(`${at}: ${why}`);
  const [cmdline, swaps, hostName] = await Promise.all([
    isRunning ? readKernelCmdline({ files, paths }) : [],
    isRunning && request.guessResume ? files.readText(`${paths.proc}/swaps`) : null,
    files.readText(isRunning ? `${paths.proc}/sys/kernel/hostname` : `${etc}/hostname`),
  ]);
  return ok({
    etc,
    hostName: tidyHostName(hostName ?? ''),
    facts: {
      fstab: fstab.value.entries,
      fstabAt: fstab.value.at,
      crypttab: crypttab.entries,
      crypttabAt,
      mounts: isMountedAsWell ? mountsBelow(request.root, mounts) : [],
      cmdline: onlyFstab ? cmdline.filter(({ name }) => name !== 'root') : cmdline,
      resume: {
        option: request.resume,
        conf: await readResumeConf(files, etc, INITRAMFS_TOOLS.resume),
        swaps: parseProcSwaps(swaps ?? ''),
      },
    },
  });
}

/** What is mounted, as libmount reads it; without findmnt read ourselves. */
async function readMounts(machine: FactSources): Promise<readonly Mount[]> {
  const { files, paths, runner } = machine;
  const path = `${paths.proc}/self/mountinfo`;
  if (!(await files.exists(path))) return [];
  const findmnt = await runner.run(mountsByFindmnt(path), PATIENT);
  const parsed = findmnt.status === 0 ? parseFindmntMounts(findmnt.stdout) : null;
  return parsed?.ok ? parsed.value : readOwnMounts(machine);
}

const readOwnMounts = async ({ files, paths }: FactSources): Promise<readonly Mount[]> =>
  parseMountinfo((await files.readText(`${paths.proc}/self/mountinfo`, MAX_MOUNTINFO_BYTES)) ?? '');

/** Its kernel command line is that of the host: it has processes of its own, or its manager says so (systemd's container interface). */
async function isContainer({ files, paths }: FactSources): Promise<boolean> {
  if (!isInitialNamespace(await files.readLink(`${paths.proc}/self/ns/pid`))) return true;
  const marks = ['systemd/container', 'host/container-manager', '.containerenv'];
  const found = await Promise.all(marks.map((mark) => files.exists(`${paths.run}/${mark}`)));
  return found.includes(true);
}

/** Mounts below a folder, named as they will be once it is the root. */
function mountsBelow(root: string, mounts: readonly Mount[]): readonly Mount[] {
  if (root === '/') return mounts;
  return mounts
    .filter(({ mountPoint }) => mountPoint === root || mountPoint.startsWith(`${root}/`))
    .map((mount) => ({ ...mount, mountPoint: mount.mountPoint.slice(root.length) || '/' }));
}

/** What the generator's own settings say, as it reads them itself. */
async function readResumeConf(
  files: FactSources['files'],
  etc: string,
  settings: ResumeSettings | null,
): Promise<string | null> {
  if (settings === null) return null;
  const folder = `${etc}/${settings.folder}`;
  const names = (await files.list(folder)).filter(isConfName);
  let value: string | null = null;
  for (const path of [`${etc}/${settings.file}`, ...names.map((name) => `${folder}/${name}`)])
    value = lastAssignment((await files.readText(path)) ?? '', settings.variable) ?? value;
  return value;
}

/** The first line that is not a comment, if a host can have that name; else nothing. */
function tidyHostName(text: string): string {
  const name =
    text
      .split('\n')
      .find((line) => line.trim() !== '' && !line.startsWith('#'))
      ?.trim() ?? '';
  return /^[A-Za-z0-9._-]{1,255}$/.test(name) ? name : '';
}
