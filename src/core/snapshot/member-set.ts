import type { MdUuid } from '../md/md-uuid.ts';
import type { Snapshot } from './snapshot.ts';

/** Present members of an array, as `device/deviceUuid`; disks of a container as `device/slot`. */
export function presentMemberKeys(snapshot: Snapshot, uuid: MdUuid): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { device, superblock } of snapshot.members) {
    if (superblock.arrayUuid === uuid) keys.add(`${device}/${superblock.deviceUuid}`);
  }
  for (const { device, examined } of snapshot.external ?? []) {
    const volume = examined?.volumes.find((each) => each.uuid === uuid);
    if (volume !== undefined) keys.add(`${device}/${volume.ownSlot ?? 'spare'}`);
  }
  return keys;
}

/** The members present now, as one comparable text. */
export const memberSet = (snapshot: Snapshot, uuid: MdUuid): string =>
  [...presentMemberKeys(snapshot, uuid)].sort().join(' ');
