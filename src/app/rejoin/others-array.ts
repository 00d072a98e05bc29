import type { MdUuid } from '../../core/md/md-uuid.ts';
import { parseMdadmConf } from '../../core/parse/mdadm-conf.ts';
import type { Machine } from '../machine.ts';
import { keptWatchlistPath, ledgerFilePath, ledgerPlaces } from '../own-places.ts';

/**
 * Whether an array that the ledger does not know is another machine's by all that can be told so early: its name has another
 * host's part, and neither mdadm.conf nor the list of the boot image has it. Where there is no ledger to be read (/var may not be mounted
 * yet), and of a name without a host, it is not said: a held array of this machine could end the boot.
 */
export async function isOthers(
  { files, paths }: Pick<Machine, 'files' | 'paths'>,
  uuid: MdUuid,
  name: string,
): Promise<boolean> {
  const host = /^([^:]+):/.exec(name)?.[1];
  if (host === undefined || host === 'any') return false;
  const places = ledgerPlaces(paths);
  if (!(await files.exists(ledgerFilePath(places)))) return false;
  for (const path of [`${paths.proc}/sys/kernel/hostname`, `${paths.etc}/hostname`])
    if ((await files.readText(path))?.trim() === host) return false;
  for (const path of [`${paths.etc}/mdadm/mdadm.conf`, `${paths.etc}/mdadm.conf`]) {
    const conf = parseMdadmConf((await files.readText(path)) ?? '');
    if (conf.arrays.some((array) => array.uuid === uuid)) return false;
  }
  const kept = await files.readText(keptWatchlistPath(places));
  return kept === null || !kept.includes(`"${uuid}"`);
}
