import { memberSet } from '../snapshot/member-set.ts';
import type { PresentMember, Snapshot } from '../snapshot/snapshot.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import { type Answer, COPY_DANGERS } from './answer.ts';
import { copiesOf, holdsAll } from './copies.ts';
import { compareFreshness, type Freshness, isWhole, type SlotMember, slotMembers } from './freshness.ts';
import { presentMembers } from './judge-array.ts';
import type { UnsafeReason, Verdict } from './verdict.ts';

/** One numbered choice: what would be started, and what it is. */
export interface Choice {
  readonly answer: Answer;
  /** Slot members of this copy, by role. */
  readonly members: readonly SlotMember[];
  readonly events: number;
  /** When this copy was last written, as its newest superblock says. */
  readonly updateTimeMs: number;
  readonly missingRoles: readonly number[];
  /** Slots of the array, as this copy knows it. */
  readonly slotCount: number;
  /** Present members of the array that it leaves out and does not touch. */
  readonly leavesOut: readonly PresentMember[];
}

/** What only a person can decide about an array that is not started automatically (S4-S6); no choice is a default. */
export interface Question {
  readonly reason: UnsafeReason;
  /** Slots whose newest data is missing. */
  readonly missingRoles: readonly number[];
  readonly choices: readonly Choice[];
}

/** More are not distinguished: the keys are 1 to 9. */
const MAX_CHOICES = 9;

/** The question that an unsafe verdict leaves, or null where nothing can be started whatever one says. */
export function questionOf(
  watched: WatchedArray,
  snapshot: Snapshot,
  verdict: Verdict,
  given: Answer | null,
): Question | null {
  if (verdict.kind !== 'unsafe') return null;
  const { reason, missingRoles } = verdict;
  const all = presentMembers(watched, snapshot);
  const whenPresent = memberSet(snapshot, watched.uuid);
  const before = given?.whenPresent === whenPresent ? given : null;
  const members = all.filter(({ device }) => before === null || before.devices.has(device));
  const choice = (devices: readonly PresentMember[]): Choice | null => {
    const copy = compareFreshness(slotMembers(devices));
    if (copy === null || !holdsAll(copy)) return null;
    return describe(copy, all, {
      devices: new Set(devices.map(({ device }) => device)),
      accepts: new Set([
        ...(before?.accepts ?? []),
        ...(COPY_DANGERS.includes(reason.code) ? COPY_DANGERS : [reason.code]),
      ]),
      whenPresent,
    });
  };
  const choices = alternatives(reason, members)
    .map(choice)
    .filter((found) => found !== null)
    .slice(0, MAX_CHOICES);
  return choices.length === 0 ? null : { reason, missingRoles, choices };
}

/** The sets of devices that could be started. */
function alternatives(reason: UnsafeReason, members: readonly PresentMember[]): PresentMember[][] {
  const without = (out: readonly SlotMember[]) =>
    members.filter(({ device }) => !out.some((other) => other.device === device));
  const claimants = slotMembers(members);
  switch (reason.code) {
    case 'split-brain':
    case 'stale':
      return copiesOf(claimants).map(({ fresh }) =>
        without(claimants.filter((member) => !fresh.includes(member))),
      );
    case 'duplicate-members': {
      const twins = twinsAmong(claimants);
      return twins.map((kept) => without(twins.filter((twin) => twin !== kept)));
    }
    case 'dirty-degraded':
    case 'journal-missing':
    case 'reshape':
      return [[...members]];
    default:
      return [];
  }
}

/** The first group of devices that claim to be one member, the freshest first. */
function twinsAmong(claimants: readonly SlotMember[]): readonly SlotMember[] {
  const byEvents = [...claimants].sort((a, b) => b.superblock.events - a.superblock.events);
  const same = (a: SlotMember, b: SlotMember) =>
    a.superblock.deviceUuid === b.superblock.deviceUuid ||
    (a.role === b.role && isWhole(a) && isWhole(b) && a.superblock.events === b.superblock.events);
  for (const member of byEvents) {
    const group = byEvents.filter((other) => same(member, other));
    if (group.length > 1) return group;
  }
  return [];
}

function describe(copy: Freshness, all: readonly PresentMember[], answer: Answer): Choice {
  const { freshest, fresh, inSyncRoles } = copy;
  const { raidDevices, events, updateTimeMs } = freshest.superblock;
  return {
    answer,
    members: [...fresh].sort((a, b) => a.role - b.role),
    events,
    updateTimeMs,
    slotCount: raidDevices,
    missingRoles: Array.from({ length: raidDevices }, (_, role) => role).filter(
      (role) => !inSyncRoles.has(role),
    ),
    leavesOut: all.filter(({ device }) => !answer.devices.has(device)),
  };
}
