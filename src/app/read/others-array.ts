import type { MdUuid } from '../../core/md/md-uuid.ts';
import { parseFstab } from '../../core/parse/fstab.ts';
import { parseMdadmConf } from '../../core/parse/mdadm-conf.ts';
import type { PresentMember } from '../../core/snapshot/snapshot.ts';
import type { FactSources } from '../machine.ts';
import { keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { readUsers } from './array-users.ts';

type Sources = Pick<FactSources, 'files' | 'paths'>;

/**
 * Whether an array is another machine's by all that is written down: its name has another host's part, and neither mdadm.conf nor
 * the list of the boot image has it. Of a name without a host it is not said: a held array of this machine could end the boot.
 */
export async function isOthers({ files, paths }: Sources, uuid: MdUuid, name: string): Promise<boolean> {
  const host = /^([^:]+):/.exec(name)?.[1];
  if (host === undefined || host === 'any') return false;
  for (const path of [`${paths.proc}/sys/kernel/hostname`, `${paths.etc}/hostname`])
    if ((await files.readText(path))?.trim() === host) return false;
  for (const path of [`${paths.etc}/mdadm/mdadm.conf`, `${paths.etc}/mdadm.conf`]) {
    const conf = parseMdadmConf((await files.readText(path)) ?? '');
    if (conf.arrays.some((array) => array.uuid === uuid)) return false;
  }
  const kept = await files.readText(keptWatchlistPath(ledgerPlaces(paths)));
  return kept === null || !kept.includes(`"${uuid}"`);
}

/** Whether a running array is foreign: another machine's, also by mdadm's word, and neither swap nor a mount of fstab stands on it. */
export async function isForeign(
  machine: Sources,
  uuid: MdUuid,
  device: string,
  members: readonly PresentMember[],
): Promise<boolean> {
  if (members.some(({ isLocal }) => isLocal)) return false;
  if (!(await isOthers(machine, uuid, members[0]?.superblock.name ?? ''))) return false;
  const uses = (await readUsers(machine, [device])).get(device) ?? [];
  const fstab = parseFstab((await machine.files.readText(`${machine.paths.etc}/fstab`)) ?? '');
  const ours = new Set(['/', 'swap', ...fstab.entries.map(({ mountPoint }) => mountPoint)]);
  return !uses.some((use) => ours.has(use));
}
