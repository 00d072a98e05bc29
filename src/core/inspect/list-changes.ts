import type { MdUuid } from '../md/md-uuid.ts';
import type { WatchedArray, Watchlist } from '../watchlist/watchlist.ts';

/** What the list of an image has otherwise than one that would be made now. `name` comes from a disk. */
export type ListChange =
  | { readonly what: 'settings' }
  /** What the configuration says of arrays that are not listed. */
  | { readonly what: 'policies' }
  /** crypttab has a mapping opened otherwise: from elsewhere, with another key or other options. */
  | { readonly what: 'unlock'; readonly name: string }
  | {
      /**
       * `new`, `gone`: an array. `changed`: its level, size, place or policy. `member`: a disk that the image does not know.
       * `in-sync`: the image waits for another set of disks.
       */
      readonly what: 'new' | 'gone' | 'changed' | 'member' | 'in-sync';
      readonly uuid: MdUuid;
      readonly name: string;
    };

type Lists = Pick<Watchlist, 'arrays' | 'settings' | 'policies' | 'unlocks'>;

/**
 * What an image would have to be built anew for. A member that has gone changes nothing by itself: the image knows it, and the
 * record outside of it says that it is not in sync; only where there is none (`hasRecord`) the image alone remembers.
 */
export function listChanges(ofImage: Lists, now: Lists, hasRecord: boolean): readonly ListChange[] {
  const before = new Map(ofImage.arrays.map((array) => [array.uuid, array] as const));
  const after = new Set(now.arrays.map(({ uuid }) => uuid));
  const settings =
    JSON.stringify(settingsKey(ofImage)) === JSON.stringify(settingsKey(now))
      ? []
      : [{ what: 'settings' } as const];
  const policies = arePoliciesSame(ofImage, now) ? [] : [{ what: 'policies' } as const];
  const gone = ofImage.arrays.filter(({ uuid }) => !after.has(uuid)).map(change('gone'));
  const rest = now.arrays.flatMap((array): readonly ListChange[] => {
    const old = before.get(array.uuid);
    if (old === undefined) return [change('new')(array)];
    return [
      ...(keyOf(old) === keyOf(array) ? [] : [change('changed')(array)]),
      ...(hasStranger(old, array) ? [change('member')(array)] : []),
      ...(hasRecord || inSync(old) === inSync(array) ? [] : [change('in-sync')(array)]),
    ];
  });
  return [...gone, ...rest, ...unlockChanges(ofImage, now), ...settings, ...policies];
}

/**
 * Without it the boot may wait for, start or open something else than it should; any other change costs at most a wait.
 */
export const isGraveChange = ({ what }: ListChange): boolean => !HARMLESS.has(what);

const HARMLESS: ReadonlySet<ListChange['what']> = new Set(['member', 'in-sync', 'settings']);

/** Two lists that differ in nothing an image is built anew for have the same text: tells one change from the next. */
export const listText = (list: Lists, hasRecord: boolean): string =>
  JSON.stringify([
    settingsKey(list),
    list.policies ?? '',
    list.unlocks ?? [],
    ...list.arrays
      .map((array) => [keyOf(array), strangersKey(array), hasRecord ? '' : inSync(array)].join(' '))
      .sort(),
  ]);

const change =
  (what: 'new' | 'gone' | 'changed' | 'member' | 'in-sync') =>
  ({ uuid, name }: WatchedArray): ListChange => ({ what, uuid, name });

const settingsKey = ({ settings }: Lists): readonly (string | number)[] => [
  settings.noticeAfterMs,
  settings.maxWaitMs,
  settings.shell,
  settings.stale,
];

/** Where one of them does not say, nothing is known to have changed. */
const arePoliciesSame = (one: Lists, other: Lists): boolean =>
  one.policies === undefined || other.policies === undefined || one.policies === other.policies;

function unlockChanges(one: Lists, other: Lists): readonly ListChange[] {
  if (one.unlocks === undefined || other.unlocks === undefined) return [];
  const before = new Map(one.unlocks.map(({ mapping, how }) => [mapping, how] as const));
  const after = new Map(other.unlocks.map(({ mapping, how }) => [mapping, how] as const));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((mapping) => before.get(mapping) !== after.get(mapping))
    .map((name) => ({ what: 'unlock', name }));
}

const keyOf = ({
  uuid,
  level,
  raidDevices,
  layer,
  standsOn,
  behindPassphrase,
  waitMs,
  degraded,
}: WatchedArray): string =>
  JSON.stringify([uuid, level, raidDevices, layer, [...standsOn].sort(), behindPassphrase, waitMs, degraded]);

const strangersKey = ({ members }: WatchedArray): string =>
  JSON.stringify(members.map(({ deviceUuid }) => deviceUuid).sort());

function hasStranger(old: WatchedArray, { members }: WatchedArray): boolean {
  const known = new Set(old.members.map(({ deviceUuid }) => deviceUuid));
  return members.some(({ deviceUuid }) => !known.has(deviceUuid));
}

const inSync = ({ members }: WatchedArray): string =>
  JSON.stringify(members.flatMap(({ deviceUuid, ledger }) => (ledger.inSync ? [deviceUuid] : [])).sort());
