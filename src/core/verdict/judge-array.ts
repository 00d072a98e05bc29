import { enough, KNOWN_LEVELS } from '../md/enough.ts';
import { EVENT_MARGIN } from '../md/event-margin.ts';
import { MAX_SLOTS } from '../md/superblock.ts';
import { memberSet } from '../snapshot/member-set.ts';
import { isRunning, type PresentMember, type Snapshot } from '../snapshot/snapshot.ts';
import { type BootSettings, isExternal, type WatchedArray } from '../watchlist/watchlist.ts';
import type { Answer } from './answer.ts';
import { compareFreshness, type Freshness, newestSuperblock, slotMembers } from './freshness.ts';
import { judgeExternal } from './judge-external.ts';
import {
  findLedgerContradiction,
  findStaleCopy,
  findStaleWitness,
  isAllThatWasInSync,
} from './ledger-check.ts';
import { findDuplicates, findSplitBrain } from './split-brain.ts';
import type { UnsafeReason, Verdict } from './verdict.ts';

/** What may be known besides the present devices: the configuration's word on stale copies, and a person's answer. */
interface Judging extends Pick<BootSettings, 'stale'> {
  readonly answer?: Answer | null;
  /** An administrator has told md to start arrays that are dirty and degraded (`md_mod.start_dirty_degraded=1`). */
  readonly startDirty?: boolean;
}

/**
 * What the devices present now allow for a listed array. `complete` and `startable` are only ever said of members that fit
 * together and, for all that superblocks and ledger can tell, hold the newest data (S3-S6), or that a person has chosen.
 */
export function judgeArray(
  watched: WatchedArray,
  snapshot: Snapshot,
  { stale, answer: given = null, startDirty = false }: Judging = { stale: 'ask' },
): Verdict {
  const running = snapshot.arrays.find((array) => array.uuid === watched.uuid && isRunning(array));
  if (running !== undefined) {
    return { kind: 'active', device: running.device, degraded: running.degraded ?? 0 };
  }
  if (isExternal(watched)) return judgeExternal(watched, snapshot);

  const answer = isForThese(given, watched, snapshot) ? given : null;
  const present = membersToJudge(watched, snapshot, answer);
  if (present.length === 0) return { kind: 'absent' };
  const claimants = slotMembers(present);
  const freshness = compareFreshness(claimants);
  if (freshness === null) {
    // Only spares and the like: they know the array's shape as well as any member.
    const slotCount = newestSuperblock(present)?.raidDevices ?? watched.raidDevices;
    return { kind: 'insufficient', missingRoles: range(Math.min(slotCount, MAX_SLOTS)) };
  }

  const { level, layout, raidDevices, slots } = freshness.freshest.superblock;
  const missingRoles = range(raidDevices).filter((role) => !freshness.inSyncRoles.has(role));
  if (!KNOWN_LEVELS.has(level)) {
    return { kind: 'unsafe', reason: { code: 'unknown-level', level }, missingRoles };
  }
  const has = (clean: boolean) => enough(level, layout, raidDevices, freshness.inSyncRoles, clean);
  if (!has(true)) return { kind: 'insufficient', missingRoles };

  const accepted = (code: UnsafeReason['code']) =>
    (answer?.accepts.has(code) ?? false) ||
    (code === 'stale' && stale === 'start') ||
    (code === 'dirty-degraded' && startDirty);
  for (const danger of dangers(watched, present, freshness, missingRoles)) {
    if (danger !== null && !accepted(danger.code)) return { kind: 'unsafe', reason: danger, missingRoles };
  }
  if (missingRoles.length === 0) return { kind: 'complete' };
  if (!has(freshness.fresh.every((member) => member.superblock.clean)) && !accepted('dirty-degraded')) {
    return { kind: 'unsafe', reason: { code: 'dirty-degraded' }, missingRoles };
  }
  // Too few to have run without those that are present: what they hold is older, whatever the list remembers of them (S15).
  const canHaveRunAlone = enough(level, layout, raidDevices, new Set(missingRoles), true);
  const degradedBefore =
    missingRoles.every((role) => slots[role] === 'missing') &&
    (!canHaveRunAlone || isAllThatWasInSync(watched, freshness));
  return { kind: 'startable', missingRoles, degradedBefore };
}

/** In the order in which they are told: the first that nobody has accepted is the reason. */
function* dangers(
  watched: WatchedArray,
  present: readonly PresentMember[],
  freshness: Freshness,
  missingRoles: readonly number[],
): Generator<UnsafeReason | null> {
  if (freshness.fresh.some(({ superblock }) => superblock.reshapeNeedsBackup)) yield { code: 'reshape' };
  yield findDuplicates(slotMembers(present), freshness);
  yield findSplitBrain(freshness);
  yield findStaleCopy(watched, freshness);
  yield findStaleWitness(present, freshness);
  if (missingRoles.length > 0) yield findLedgerContradiction(watched, freshness);
  if (freshness.freshest.superblock.needsJournal) yield findMissingJournal(present, freshness);
}

/** Present devices that carry this array's superblock, failed ones included. */
export const presentMembers = (watched: WatchedArray, snapshot: Snapshot): readonly PresentMember[] =>
  snapshot.members.filter((member) => member.superblock.arrayUuid === watched.uuid);

/** Those of them that count for a judgement: all, or the devices that a person chose while just these members were present. */
export const membersToJudge = (
  watched: WatchedArray,
  snapshot: Snapshot,
  answer: Answer | null,
): readonly PresentMember[] => {
  const all = presentMembers(watched, snapshot);
  return answer !== null && isForThese(answer, watched, snapshot)
    ? all.filter(({ device }) => answer.devices.has(device))
    : all;
};

const isForThese = (answer: Answer | null, watched: WatchedArray, snapshot: Snapshot): boolean =>
  answer?.whenPresent === memberSet(snapshot, watched.uuid);

/** When the newest present copy was last written, as its superblocks say, in milliseconds since 1970; null without one. */
export function lastWrittenMs(watched: WatchedArray, snapshot: Snapshot): number | null {
  const freshness = compareFreshness(slotMembers(presentMembers(watched, snapshot)));
  return freshness?.freshest.superblock.updateTimeMs ?? null;
}

/** Without its write journal an array comes up read-only, and the journal can no longer be added (F8). */
function findMissingJournal(present: readonly PresentMember[], { freshest }: Freshness): UnsafeReason | null {
  const found = present.some(
    ({ superblock, faulty }) =>
      superblock.role === 'journal' &&
      !faulty &&
      superblock.events + EVENT_MARGIN >= freshest.superblock.events,
  );
  return found ? null : { code: 'journal-missing' };
}

const range = (length: number): readonly number[] => Array.from({ length }, (_, i) => i);
