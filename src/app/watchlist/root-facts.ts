import { INITRAMFS_TOOLS, type ResumeSettings } from '../../core/image/generator.ts';
import { parseCrypttab } from '../../core/parse/crypttab.ts';
import { parseFstab, tidyPath } from '../../core/parse/fstab.ts';
import { isConfName, lastAssignment } from '../../core/parse/initramfs-conf.ts';
import { type Mount, parseMountinfo } from '../../core/parse/mountinfo.ts';
import { parseProcSwaps } from '../../core/parse/proc-swaps.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import type { RootFacts } from '../../core/topology/boot-mounts.ts';
import type { FactSources } from '../machine.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';

/** Whose boot is asked about. */
export interface RootRequest {
  /** Folder of that system's root; `/` for this one. */
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
  { files, paths }: FactSources,
  request: RootRequest,
  warnings: string[],
): Promise<Result<FoundRoot>> {
  const isOther = tidyPath(request.root) !== '/';
  const etc = isOther ? `${tidyPath(request.root)}/etc` : paths.etc;
  const [ownMounts, initMounts] = await Promise.all([
    files.readText(`${paths.proc}/self/mountinfo`),
    files.readText(`${paths.proc}/1/mountinfo`),
  ]);
  const mounts = parseMountinfo(ownMounts ?? '');
  const isRunning = !isOther && !isChroot(mounts, parseMountinfo(initMounts ?? ''));
  const fstab = await readFstab(files, request.fstab ?? `${etc}/fstab`, request.fstab !== null, warnings);
  if (!fstab.ok) return fstab;
  const crypttab = parseCrypttab((await files.readText(`${etc}/crypttab`)) ?? '');
  for (const { at, why } of crypttab.faults) warnings.push(`${at}: ${why}`);
  const [cmdline, swaps, hostName] = await Promise.all([
    isRunning ? readKernelCmdline({ files, paths }) : [],
    isRunning && request.guessResume ? files.readText(`${paths.proc}/swaps`) : null,
    files.readText(isRunning ? `${paths.proc}/sys/kernel/hostname` : `${etc}/hostname`),
  ]);
  const onlyFstab = request.fstab !== null;
  return ok({
    etc,
    hostName: tidyHostName(hostName ?? ''),
    facts: {
      fstab: fstab.value.entries,
      fstabAt: fstab.value.at,
      crypttab: crypttab.entries,
      mounts: onlyFstab ? [] : mountsBelow(tidyPath(request.root), mounts),
      cmdline: onlyFstab ? cmdline.filter(({ name }) => name !== 'root') : cmdline,
      resume: {
        option: request.resume,
        conf: await readResumeConf(files, etc, INITRAMFS_TOOLS.resume),
        swaps: parseProcSwaps(swaps ?? ''),
      },
    },
  });
}

/** The root of process 1 is another one than ours: the kernel command line is not about our root. */
function isChroot(own: readonly Mount[], ofInit: readonly Mount[]): boolean {
  const root = own.find(({ mountPoint }) => mountPoint === '/');
  const rootOfInit = ofInit.find(({ mountPoint }) => mountPoint === '/');
  if (root === undefined) return own.length > 0;
  return (
    rootOfInit !== undefined && (root.device !== rootOfInit.device || root.rootInFs !== rootOfInit.rootInFs)
  );
}

/** Mounts below a folder, named as they will be once it is the root. */
function mountsBelow(root: string, mounts: readonly Mount[]): readonly Mount[] {
  if (root === '/') return mounts;
  return mounts
    .filter(({ mountPoint }) => mountPoint === root || mountPoint.startsWith(`${root}/`))
    .map((mount) => ({ ...mount, mountPoint: mount.mountPoint.slice(root.length) || '/' }));
}

async function readFstab(
  files: FactSources['files'],
  path: string,
  isRequired: boolean,
  warnings: string[],
): Promise<Result<{ entries: RootFacts['fstab']; at: string }>> {
  const read = await files.readTextOrReason(path);
  if ('reason' in read) {
    if (isRequired) return failure(path, `could not be read: ${read.detail}`);
    warnings.push(`${path}: could not be read: ${read.detail}`);
    return ok({ entries: [], at: path });
  }
  const { entries, faults } = parseFstab(read.text, path);
  for (const { at, why } of faults) warnings.push(`${at}: ${why}`);
  return ok({ entries, at: path });
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
