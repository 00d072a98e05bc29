import type { MdUuid } from '../md/md-uuid.ts';
import type { FutureMember, NextBoot } from './next-boot.ts';

/**
 * The part of a boot that has to do with disks which are gone: the arrays with a member on them, and those that stand on such arrays.
 * All other arrays are as if no disk were gone: whoever asks about each disk of a large machine looks at them once.
 */
export function partsOf(boot: NextBoot): (taken: readonly string[]) => NextBoot {
  const { arrays } = boot.watchlist;
  const ofDisk = new Map<string, Set<MdUuid>>();
  const above = new Map<MdUuid, Set<MdUuid>>();
  const membersOf = new Map<MdUuid, { readonly member: FutureMember; readonly place: number }[]>();
  const needs = [
    ...boot.members.map(({ superblock, need }) => ({ uuid: superblock.arrayUuid, need })),
    ...boot.volumes,
  ];
  for (const { uuid, need } of needs) {
    for (const disk of need.disks) addTo(ofDisk, disk, uuid);
    for (const below of need.arrays) addTo(above, below, uuid);
  }
  for (const [place, member] of boot.members.entries()) {
    const { arrayUuid } = member.superblock;
    const own = membersOf.get(arrayUuid) ?? [];
    own.push({ member, place });
    membersOf.set(arrayUuid, own);
  }
  return (taken) => {
    const touched = new Set(taken.flatMap((disk) => [...(ofDisk.get(disk) ?? [])]));
    // What is added meanwhile is gone through as well.
    for (const uuid of touched) for (const upper of above.get(uuid) ?? []) touched.add(upper);
    const members = [...touched].flatMap((uuid) => membersOf.get(uuid) ?? []);
    return {
      ...boot,
      watchlist: { ...boot.watchlist, arrays: arrays.filter(({ uuid }) => touched.has(uuid)) },
      members: members.sort((a, b) => a.place - b.place).map(({ member }) => member),
      volumes: boot.volumes.filter(({ uuid }) => touched.has(uuid)),
    };
  };
}

function addTo<Key>(map: Map<Key, Set<MdUuid>>, key: Key, uuid: MdUuid): void {
  const found = map.get(key);
  if (found === undefined) map.set(key, new Set([uuid]));
  else found.add(uuid);
}
