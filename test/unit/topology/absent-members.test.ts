import { test } from 'tap';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { absentMembers, emptySlots, withAbsentMembers } from '../../../src/core/topology/absent-members.ts';
import type { DependencyNode, WatchedArray, Watchlist } from '../../../src/core/watchlist/watchlist.ts';
import { watched } from '../../support/present-members.ts';

const disk = (model: string | null, serial: string | null, byId: string | null = null) => ({
  ...{ model, serial, byId },
  sizeBytes: null,
});
type Member = WatchedArray['members'][number];
const member = (role: Member['role'], deviceUuid: string, identity = disk('WDC', deviceUuid)): Member => ({
  ...{ role, deviceUuid, disk: identity },
  ledger: { events: 1, updateTimeMs: 1, inSync: true },
});
const array = (...members: readonly Member[]): WatchedArray => ({ ...watched(), raidDevices: 2, members });
const { uuid } = watched();
const node = (kind: string, children: readonly DependencyNode[] = []): DependencyNode => ({
  ...{ kind, label: kind, uuid: kind === 'md' ? uuid : null, children },
});
const list = (arrays: readonly WatchedArray[], tree: readonly DependencyNode[] = []): Watchlist =>
  ({ arrays, tree }) as unknown as Watchlist;

test('slots that nobody in sight holds', async (t) => {
  t.same(emptySlots(array(member(1, 'b'), member('spare', 's'))), [0]);
  t.same(emptySlots(array(member(1, 'b'), member(0, 'a'))), []);
});

const cases: readonly (readonly [what: string, kept: Watchlist | null, disk: string | null])[] = [
  ['no earlier list', null, null],
  ['a list without the array', list([]), null],
  ['a list with the disk', list([array(member(0, 'a'), member(1, 'b'))]), 'WDC (serial b)'],
  ['no model', list([array(member(1, 'b', disk(null, 'S', 'ata-x')))]), 'ata-x (serial S)'],
  ['only a serial number', list([array(member(1, 'b', disk(null, 'S')))]), 'serial S'],
  ['no name at all', list([array(member(1, 'b', disk(null, null)))]), null],
  ['the same member in another role', list([array(member(1, 'a'))]), null],
];

for (const [what, kept, name] of cases)
  test(`who is missing: ${what}`, async (t) => {
    const absent = absentMembers(list([array(member(0, 'a'))]), kept);
    t.match(absent.get(uuid), [{ role: 1, disk: name }]);
  });

test('nobody is missing', async (t) => {
  const whole = list([array(member(0, 'a'), member(1, 'b'))]);
  t.equal(absentMembers(whole, null).size, 0);
  t.same(withAbsentMembers([node('md', [node('disk')])], new Map()), [node('md', [node('disk')])]);
});

test('the tree names the disk, and carries its name to the next list', async (t) => {
  const now = list([array(member(0, 'a'))], [node('mount', [node('md', [node('disk')]), node('md')])]);
  const absent = absentMembers(now, list([array(member(0, 'a'), member(1, 'b'))]));
  const tree = withAbsentMembers(now.tree, absent);
  t.match(tree[0]?.children[0]?.children, [
    { kind: 'disk' },
    { kind: 'missing', label: 'role 1: WDC (serial b)', uuid: 'b', children: [] },
  ]);
  t.same(tree[0]?.children[1]?.children, [], 'where it is not spelled out, nothing is added');
  const later = absentMembers(now, list(now.arrays, tree));
  t.same(later, absent);
});

test('where no list knows the disk, its slot is shown', async (t) => {
  const other = '11111111:22222222:33333333:44444444' as MdUuid;
  const absent = new Map([
    [uuid, [{ role: 1, deviceUuid: null, disk: null }]],
    [other, [{ role: 0, deviceUuid: null, disk: null }]],
  ]);
  const [tree] = withAbsentMembers([node('md', [node('disk')])], absent);
  t.match(tree?.children, [
    { kind: 'disk' },
    { kind: 'missing', label: /^role 1: a disk that no earlier list names/ },
  ]);
  const now = list([array(member(0, 'a'))], tree === undefined ? [] : [tree]);
  t.match(absentMembers(now, now).get(uuid), [{ disk: null }], 'which is no name');
});
