import { test } from 'tap';
import { judgeAfterRoot } from '../../../src/core/inspect/after-root.ts';
import type { Demand } from '../../../src/core/inspect/mount-demands.ts';

const on = (...disks: string[]) => ({ disks: new Set(disks), arrays: new Set<string>(), passphrase: false });
const demand = (more: Partial<Demand> = {}): Demand => ({
  ...{ kind: 'mount', name: '/data', source: 'UUID=x', at: { path: '/etc/fstab', line: 3 } },
  ...{
    weight: 'required',
    waitMs: 90_000,
    ways: [on('sda')],
    lost: null,
    inside: [],
    isWaitSet: false,
    isByHand: false,
  },
  ...more,
});
const judge = (demands: readonly Demand[], ...gone: string[]) =>
  judgeAfterRoot(demands, ({ disks }) => !gone.some((disk) => disks.has(disk))).map(
    ({ grade, code, demand: { name }, inside }) => [grade, code, name, inside],
  );

test('a mount that is gone ends the boot, unless nothing waits for it', async (t) => {
  t.same(judge([demand()]), []);
  t.same(judge([demand()], 'sda'), [['stop', 'gone', '/data', null]]);
  t.same(judge([demand({ weight: 'optional' })], 'sda'), [['note', 'gone', '/data', null]]);
  t.same(judge([demand({ weight: 'awaited', kind: 'swap' })], 'sda'), [['note', 'gone', '/data', null]]);
  t.same(judge([demand({ weight: 'awaited', waitMs: null })], 'sda'), [['stop', 'gone', '/data', null]]);
  t.same(judge([demand({ ways: null })], 'sda'), [], 'it is on no disk');
});

test('any copy is enough', async (t) => {
  const copies = [demand({ ways: [on('sda'), on('sdb')] })];
  t.same(judge(copies, 'sda'), []);
  t.same(judge(copies, 'sda', 'sdb').length, 1);
});

test('what lies in a mount that is gone is gone, however deep', async (t) => {
  const demands = [
    demand({ name: '/a/b/c', ways: null, inside: ['/a/b'] }),
    demand({ name: '/a/b', ways: [on('sdb')], inside: ['/a'] }),
    demand({ name: '/a', weight: 'optional' }),
  ];
  t.same(judge(demands, 'sda'), [
    ['stop', 'gone', '/a/b/c', '/a/b'],
    ['stop', 'gone', '/a/b', '/a'],
    ['note', 'gone', '/a', null],
  ]);
});

test('what cannot be followed is promised to nobody', async (t) => {
  const lost = { ways: null, lost: 'no block device matches it' };
  t.same(judge([demand(lost)]), [['unknown', 'lost', '/data', null]]);
  t.same(judge([demand({ ...lost, weight: 'awaited' })]), [['note', 'lost', '/data', null]]);
  t.same(judge([demand({ ...lost, weight: 'optional' })]), []);
});
