import { test } from 'tap';
import { isGraveChange, listChanges, listText } from '../../../src/core/inspect/list-changes.ts';
import { DEFAULT_SETTINGS, type WatchedArray } from '../../../src/core/watchlist/watchlist.ts';
import { uuidOf } from '../../support/ledger-entries.ts';
import { watched, watchedMember } from '../../support/present-members.ts';

const listOf = (...arrays: readonly WatchedArray[]) => ({
  arrays,
  settings: DEFAULT_SETTINGS,
  policies: 'general start\n',
  unlocks: [{ mapping: 'md0_crypt', how: 'UUID=a none luks' }],
});
const TWO = [watchedMember(0, 0, 10), watchedMember(1, 1, 10)];
const BUILT = listOf(watched(TWO));

const CHANGES: readonly [
  what: string,
  now: ReturnType<typeof listOf>,
  withRecord: readonly string[],
  without?: readonly string[],
][] = [
  ['nothing', BUILT, []],
  ['another name', listOf(watched(TWO, { name: 'other', devicePath: '/dev/md9' })), []],
  ['more events', listOf(watched([watchedMember(0, 0, 99), watchedMember(1, 1, 99)])), []],
  ['no array', listOf(), ['gone']],
  ['one more', listOf(watched(TWO), { ...watched(TWO), uuid: uuidOf(9) }), ['new']],
  ['created anew', listOf({ ...watched(TWO), uuid: uuidOf(9) }), ['gone', 'new']],
  ['grown', listOf(watched(TWO, { raidDevices: 3 })), ['changed']],
  ['another policy', listOf(watched(TWO, { degraded: 'never' })), ['changed']],
  ['another wait', listOf(watched(TWO, { waitMs: 1 })), ['changed']],
  ['behind LUKS', listOf(watched(TWO, { behindPassphrase: true })), ['changed']],
  ['a member gone', listOf(watched([watchedMember(0, 0, 20)])), [], ['in-sync']],
  [
    'a member that fell out',
    listOf(watched([watchedMember(0, 0, 20), watchedMember(1, 1, 10, false)])),
    [],
    ['in-sync'],
  ],
  [
    'a member replaced, rebuilding',
    listOf(watched([watchedMember(0, 0, 20), watchedMember(2, 1, 20, false)])),
    ['member'],
    ['member', 'in-sync'],
  ],
  ['LUKS made anew', { ...BUILT, unlocks: [{ mapping: 'md0_crypt', how: 'UUID=b none luks' }] }, ['unlock']],
  ['LUKS moved', { ...BUILT, unlocks: [{ mapping: 'x', how: 'UUID=b none luks' }] }, ['unlock', 'unlock']],
  ['policies of other arrays', { ...BUILT, policies: 'general never\n' }, ['policies']],
  ['settings', { ...BUILT, settings: { ...DEFAULT_SETTINGS, shell: 'deny' } }, ['settings']],
];

for (const [what, now, withRecord, without = withRecord] of CHANGES)
  test(`${what}`, async (t) => {
    const kinds = (hasRecord: boolean) => listChanges(BUILT, now, hasRecord).map((one) => one.what);
    t.same(kinds(true), withRecord, 'another record remembers who was in sync');
    t.same(kinds(false), without, 'only the image does');
    if (withRecord.length > 0) t.not(listText(BUILT, true), listText(now, true));
    if (without.length === 0) t.equal(listText(BUILT, false), listText(now, false));
  });

test('a list that does not say what the policies are, or how what is opened, has not changed in that', async (t) => {
  const { policies: _none, unlocks: _neither, ...silent } = BUILT;
  t.same(listChanges(silent, BUILT, true), []);
  t.same(listChanges(BUILT, silent, true), []);
});

test('what may change which arrays a boot starts is grave', async (t) => {
  const grave = (now: ReturnType<typeof listOf>) => listChanges(BUILT, now, false).some(isGraveChange);
  t.ok(grave(listOf()));
  t.ok(grave(listOf(watched(TWO, { raidDevices: 3 }))));
  t.ok(grave({ ...BUILT, unlocks: [] }));
  t.ok(grave({ ...BUILT, policies: 'general never\n' }));
  t.notOk(grave(listOf(watched([watchedMember(2, 1, 20)]))));
});
