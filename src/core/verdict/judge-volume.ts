import { enough } from '../md/enough.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { ExternalMember } from '../snapshot/snapshot.ts';

/**
 * What the present disks of a container allow for one of its volumes. `degraded`: its data is present, and some slot is not;
 * `dirty-degraded`: and its parity may be wrong.
 * None of it means that the volume may be started: who writes to it needs mdmon.
 */
export type VolumeVerdict = { readonly kind: 'absent' } | PresentVolume;

export interface PresentVolume {
  readonly kind: 'insufficient' | 'degraded' | 'dirty-degraded' | 'complete';
  /** As the newest metadata counts them. */
  readonly slotCount: number;
  /** Slots whose data is missing. */
  readonly missingSlots: readonly number[];
  /** Of those, the slots that were without their data when the container was last written. */
  readonly knownMissing: readonly number[];
  /** Present disks with older metadata than the others: they were away while the volume was written. */
  readonly outdated: readonly string[];
}

/** The newest metadata is believed; a disk with older metadata has no data that counts. */
export function judgeVolume(volumeUuid: MdUuid, members: readonly ExternalMember[]): VolumeVerdict {
  const holders = members.flatMap(({ device, examined }) => {
    const volume = examined?.volumes.find(({ uuid }) => uuid === volumeUuid);
    return examined === null || volume === undefined
      ? []
      : [{ device, generation: examined.generation, volume }];
  });
  const newest = holders.reduce<(typeof holders)[0] | undefined>(
    (best, each) => (best === undefined || each.generation > best.generation ? each : best),
    undefined,
  );
  if (newest === undefined) return { kind: 'absent' };
  const { slots, level, clean } = newest.volume;
  const here = new Set<number>();
  const outdated: string[] = [];
  for (const { device, generation, volume } of holders) {
    // DDF writes disks one after the other: one step behind is what a crash leaves.
    if (generation + 1 < newest.generation) outdated.push(device);
    else if (volume.ownSlot !== null && slots[volume.ownSlot] === 'in-sync') here.add(volume.ownSlot);
  }
  const missingSlots = slots.map((_, slot) => slot).filter((slot) => !here.has(slot));
  const knownMissing = missingSlots.filter((slot) => slots[slot] === 'missing');
  const rest = { slotCount: slots.length, missingSlots, knownMissing, outdated };
  if (missingSlots.length === 0) return { kind: 'complete', ...rest };
  // DDF and IMSM raid10 is near-2 (0x102).
  const isEnough = (isClean: boolean): boolean =>
    enough(level, level === 10 ? 0x102 : 0, slots.length, here, isClean);
  if (!isEnough(true)) return { kind: 'insufficient', ...rest };
  return { kind: isEnough(clean) ? 'degraded' : 'dirty-degraded', ...rest };
}
