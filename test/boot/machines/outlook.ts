// What can become of an array at a boot, from the plan and from which copy holds what: without a look at a superblock or at the engine.
import type { BootSeen } from './boot-seen.ts';
import { runs } from './boot-seen.ts';
import {
  type Copies,
  diverged,
  hasEnough,
  isListed,
  isPrefix,
  type Log,
  longestLog,
  sameLog,
} from './copies.ts';
import { arraysOf, type Boot, type Device, diskOf, type MachinePlan, type MdArray } from './machine-plan.ts';

export interface Outlook {
  readonly array: MdArray;
  /** How many members it has. */
  readonly width: number;
  /** Members that hold all of something and are there, with what they hold. */
  readonly there: readonly Copy[];
  /** Those of them that hold the newest that is there. */
  readonly newest: readonly Copy[];
  /** Two that are there were each written without the other. */
  readonly wentApart: boolean;
  /** The newest that is there has all the data, and none that is half rebuilt tells of newer. */
  readonly hasData: boolean;
  /** As above, for every copy that somebody could choose. */
  readonly someCopyHasData: boolean;
  /** Its last run ended without a shutdown, and what is missing cannot be told from what was half written. */
  readonly isDirty: boolean;
  /** What is there was out of sync when the image was made, and what was in sync then has more, and is away. */
  readonly isKnownOld: boolean;
  /** Who holds the newest that there is at all, and is not there. */
  readonly awaited: readonly Device[];
}

interface Copy {
  readonly device: Device;
  readonly role: number;
  readonly log: Log;
}

interface Known {
  readonly plan: MachinePlan;
  readonly copies: Copies;
  readonly boot: Boot;
  readonly seen: Pick<BootSeen, 'arrays' | 'starts'>;
}

/** Of root's arrays, the lowest first; disks that come late count as there. */
export function outlooks({ plan, copies, boot, seen }: Known): readonly Outlook[] {
  const isThere = (device: Device, upper: string): boolean => {
    const disk = diskOf(device);
    if (disk !== null) return !boot.absent.includes(disk);
    return runs(seen.arrays[device]) && (isListed(copies, device) || !isStartedAfter(seen, device, upper));
  };
  /** Of arrays that run, what they hold: less than their own member of an upper array should, where a copy runs that fell behind. */
  const held = new Map<Device, Log>();
  return arraysOf(plan).map((array) => {
    const all = Object.entries(copies.members[array.name] ?? {})
      .filter(([, { whole }]) => whole)
      .map(([device, { role, log }]): Copy => ({ device, role, log: upTo(log, held.get(device)) }));
    const running = seen.arrays[array.name];
    const inSync = (running?.members ?? []).filter((member) => member.inSync).map(({ device }) => device);
    if (runs(running) && inSync.length > 0)
      held.set(array.name, longestLog(all.filter(({ device }) => inSync.includes(device))));
    const there = all.filter(({ device }) => isThere(device, array.name));
    const newest = newestOf(there);
    const holds = (group: readonly Copy[], clean = true) =>
      hasEnough(array, new Set(group.map(({ role }) => role)), clean, copies.width[array.name]);
    const tellsOfNewer = Object.entries(copies.members[array.name] ?? {}).some(
      ([device, { whole, brokenOffIn = 0 }]) =>
        !whole && isThere(device, array.name) && brokenOffIn > Math.max(...(newest[0]?.log ?? [])),
    );
    const inImage = copies.inImage[array.name] ?? [];
    const has = newest[0]?.log ?? [];
    return {
      array,
      width: copies.width[array.name] ?? array.members.length,
      there,
      newest,
      wentApart: there.some((one) => there.some((other) => diverged(one.log, other.log))),
      hasData: holds(newest) && !tellsOfNewer,
      someCopyHasData: there.some(({ log }) => holds(there.filter((one) => sameLog(one.log, log)))),
      isDirty: copies.dirty.has(array.name) && holds(newest) && !holds(newest, false),
      isKnownOld:
        (has.at(-1) ?? 0) <= copies.imageRun &&
        !holds(newest.filter(({ device }) => inImage.includes(device))) &&
        all.some(
          ({ device, log }) =>
            inImage.includes(device) && !isThere(device, array.name) && !isPrefix(log, has),
        ),
      awaited: newestOf(all)
        .map(({ device }) => device)
        .filter((device) => !isThere(device, array.name)),
    };
  });
}

/** Nobody could look into it when the upper one was decided about. */
function isStartedAfter({ starts }: Pick<BootSeen, 'starts'>, lower: string, upper: string): boolean {
  const startedAtMs = (name: string) => starts.find(({ array }) => array === name)?.atMs;
  const upperAtMs = startedAtMs(upper);
  return upperAtMs !== undefined && (startedAtMs(lower) ?? 0) > upperAtMs;
}

/** Up to the last run that reached what is there: what it missed before, it was given by then. */
function upTo(log: Log, held: Log | undefined): Log {
  return held === undefined ? log : log.slice(0, log.findLastIndex((run) => held.includes(run)) + 1);
}

function newestOf(copies: readonly Copy[]): readonly Copy[] {
  const log = longestLog(copies);
  return copies.filter((copy) => sameLog(copy.log, log));
}
