import { KNOWN_LEVELS } from '../md/enough.ts';
import { EVENT_MARGIN } from '../md/event-margin.ts';
import type { Superblock } from '../md/superblock.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import { listWords, nameSome } from '../text/lines.ts';
import { utcDate } from '../text/utc-date.ts';
import type { DegradedPolicy } from '../watchlist/watchlist.ts';
import { decideReadd, type MemberDevice, type RunningArray } from './readd-decision.ts';

/**
 * `pass`: udev goes on as without us. `hold`: stock rules must not touch the device. `readd`: they may (they do nothing with it
 * automatically), and it can be re-added to its running array.
 */
export interface GateAnswer {
  readonly gate: 'pass' | 'hold' | 'readd';
  /** For people; free of control characters. */
  readonly why: string;
}

/** What was last recorded of one array while it ran; members by their device UUIDs. */
export interface RecordedArray {
  /** The highest event count among the members in sync. */
  readonly events: number;
  readonly updateTimeMs: number;
  readonly inSync: readonly string[];
  /** The slots that they held. */
  readonly inSyncRoles: readonly number[];
  /** Every member that a look ever found, in whatever state. */
  readonly seen: readonly string[];
  /** It was another machine's, and nothing of this one needed it. */
  readonly isForeign: boolean;
}

export interface GateFacts {
  /** In the image the engine starts what is held of listed arrays. */
  readonly place: 'image' | 'system';
  /** Only asked for in the image. */
  readonly isListed: boolean;
  readonly member: MemberDevice;
  /** Kernel name of the array that holds the device already. */
  readonly boundTo: string | null;
  /** Its array, when it runs. */
  readonly running: RunningArray | null;
  /** Device UUIDs of the members as recorded; null where there is no record. */
  readonly known: ReadonlySet<string> | null;
  /** Running system: the last record of the array, if there is one. */
  readonly recorded: RecordedArray | null;
  /** Running system, array not running: the other visible members; may be empty where `needsSiblings` says no. */
  readonly siblings: readonly MemberDevice[];
  /** What the configuration says of a degraded start, where `needsPolicy` says that it can change the answer. */
  readonly policy?: DegradedPolicy;
}

/** Whether the device may be handed to the stock rules now, which would bind and perhaps start it at once. */
export function judgeGate(facts: GateFacts): GateAnswer {
  const { place, isListed, boundTo, running } = facts;
  if (boundTo !== null) return pass(`it is already bound to ${boundTo}`);
  // Whatever root needs of it beyond the list, the engine takes up; the running system judges the rest, with all of its disks in sight.
  if (place === 'image' && !isListed) return judgeInImage(facts);
  if (running !== null) return judgeJoiner(facts, running);
  return place === 'image' ? judgeInImage(facts) : judgeInSystem(facts);
}

/** Whether `siblings` can change the answer: they cost a look at every block device. */
export const needsSiblings = ({
  member,
  boundTo,
  running,
  place,
  recorded,
}: Omit<GateFacts, 'siblings'>): boolean =>
  place === 'system' &&
  boundTo === null &&
  running === null &&
  (ranWithout(member.superblock).length > 0 || isBelow(member.superblock, recorded));

/**
 * A copy that calls others missing is started by the stock rules as soon as enough of its kind are there, since nobody told
 * them that it shall not be.
 */
export const needsPolicy = ({ member, boundTo, running, place }: Omit<GateFacts, 'siblings'>): boolean =>
  place === 'system' &&
  boundTo === null &&
  running === null &&
  KNOWN_LEVELS.has(member.superblock.level) &&
  ranWithout(member.superblock).length > 0;

function judgePolicy(facts: GateFacts, otherwise: string): GateAnswer {
  const { policy = 'start', member } = facts;
  return policy === 'start' || !needsPolicy(facts)
    ? pass(otherwise)
    : hold(
        `it was used without ${roles(ranWithout(member.superblock))}, and is not to be started so (${policy})`,
      );
}

/** A running array that md would let it join, were it asked to (F1): only as S8 allows. */
function judgeJoiner(
  { place, member, known }: GateFacts,
  running: NonNullable<GateFacts['running']>,
): GateAnswer {
  const decision = decideReadd(member, running, known);
  if (decision.kind === 'allow')
    return place === 'system' && (running.degraded ?? 0) > 0
      ? { gate: 'readd', why: `${running.device} runs without it: role ${decision.role}` }
      : pass(`${running.device} runs, and it may join`);
  // A spare, a journal: no data of its own, and everything that speaks against a member was looked at before.
  if (decision.code === 'no-slot') return pass(decision.text);
  return hold(`${running.device} runs, and ${decision.text}`);
}

/**
 * Stock would start a copy that calls others missing as soon as it appears, whichever is seen first (S5, S6). One that
 * calls nobody missing cannot start alone.
 */
function judgeInImage({ member }: GateFacts): GateAnswer {
  // The engine can neither start such an array nor ask about it: what is held would be held for good.
  if (!KNOWN_LEVELS.has(member.superblock.level)) return pass('its level is not one that can be judged');
  const without = ranWithout(member.superblock);
  return without.length === 0
    ? pass('it lists no member as missing')
    : hold(`it was used without ${roles(without)}`);
}

function judgeInSystem(facts: GateFacts): GateAnswer {
  const { member, siblings, recorded } = facts;
  const { superblock } = member;
  const usedAlone = ranWithout(superblock).length > 0;
  const stranger = siblings.find((sibling) => usedAlone && areStrangers(superblock, sibling.superblock));
  if (stranger !== undefined)
    return hold(`it and ${escapeForConsole(stranger.device)} were each used without the other`);
  if (isBelow(superblock, recorded) && recorded !== null) {
    const visible = new Set([member, ...siblings].map((each) => each.superblock.deviceUuid));
    if (recorded.inSync.some((deviceUuid) => !visible.has(deviceUuid)))
      return hold(
        `its data is from ${utcDate(superblock.updateTimeMs)}, ${recorded.events - superblock.events} events behind a member that is missing`,
      );
  }
  if (contradicts(superblock, recorded)) return hold('it says it is in sync, but was not in the last record');
  return judgePolicy(facts, 'there is no reason to hold it');
}

/** Slots that the superblock knows no holder of. */
const ranWithout = ({ slots }: Superblock): readonly number[] =>
  slots.flatMap((state, role) => (state === 'missing' ? [role] : []));

const isBelow = (superblock: Superblock, recorded: RecordedArray | null): boolean =>
  recorded !== null &&
  typeof superblock.role === 'number' &&
  superblock.events + EVENT_MARGIN < recorded.events;

/**
 * As findLedgerContradiction: it was not in sync when the array last ran here, and either it is level with the record, with no event since that
 * could have rebuilt it, or it calls a member missing that was in sync: it has run without that one, however many events it saw.
 */
function contradicts(superblock: Superblock, recorded: RecordedArray | null): boolean {
  if (
    recorded === null ||
    recorded.inSync.length === 0 ||
    typeof superblock.role !== 'number' ||
    superblock.recoveryOffsetSectors !== null ||
    recorded.inSync.includes(superblock.deviceUuid)
  )
    return false;
  const isLevel = superblock.events <= recorded.events && superblock.events + EVENT_MARGIN >= recorded.events;
  return isLevel || recorded.inSyncRoles.some((role) => superblock.slots[role] === 'missing');
}

/** Neither counts the other as holder of its slot; two in one slot are a disk and its successor. */
function areStrangers(a: Superblock, b: Superblock): boolean {
  return (
    a.deviceUuid !== b.deviceUuid &&
    typeof a.role === 'number' &&
    typeof b.role === 'number' &&
    a.role !== b.role &&
    !a.slotHolders[b.role]?.includes(b.deviceNumber) &&
    !b.slotHolders[a.role]?.includes(a.deviceNumber)
  );
}

const pass = (why: string): GateAnswer => ({ gate: 'pass', why });
const hold = (why: string): GateAnswer => ({ gate: 'hold', why });

/** A role table may have a thousand slots. */
const MAX_NAMED = 4;

const roles = (missing: readonly number[]): string =>
  `${missing.length === 1 ? 'role' : 'roles'} ${listWords(nameSome(missing.map(String), MAX_NAMED))}`;
