import { test } from 'tap';
import { readLaterMounts } from '../../../../src/app/inspect/later-mounts.ts';
import { unitOf } from '../../../../src/core/inspect/device-times.ts';
import { recordedBoot } from '../../../support/recorded-boot.ts';

const SUITE = 'trixie-mdadm-4.4';

test('a mount on an array that root does not need: degraded without a disk, gone without too many', async (t) => {
  // Root of that machine alone: its other arrays are then none of root's.
  const { machine, known } = await recordedBoot(`${SUITE}/lvm-on-luks`);
  const later = await readLaterMounts(machine, known);
  t.same(
    later.demands.map(({ name, lost }) => [name, lost]),
    [['/data', null]],
  );
  const [way] = later.demands[0]?.ways ?? [];
  if (way === undefined) return t.fail('is not followed');
  t.ok(later.without([]).isThere(way));
  const disks = later.disks.filter((disk) => !['ubdb', 'ubdc'].includes(disk));
  t.same(disks.length, 2, disks.join());
  const one = later.without(disks.slice(0, 1)).findings;
  t.match(one, [{ grade: 'note', code: 'degraded' }]);
  const both = later.without(disks).findings;
  t.match(both, [
    { grade: 'note', code: 'not-started' },
    { grade: 'stop', code: 'gone', demand: { name: '/data' } },
  ]);
});

test('by the policy of that array: what is never started degraded is gone without a disk', async (t) => {
  const { machine, known } = await recordedBoot(`${SUITE}/lvm-on-luks`);
  const block = { ...known.block, policyOf: () => ({ waitMs: 20_000, degraded: 'never' as const }) };
  const disksOfData = (later: Awaited<ReturnType<typeof readLaterMounts>>): readonly string[] =>
    later.disks.filter((disk) => !['ubdb', 'ubdc'].includes(disk));
  const never = await readLaterMounts(machine, { ...known, block });
  t.match(never.without(disksOfData(never).slice(0, 1)).findings, [
    { grade: 'note', code: 'held-back', missingRoles: [0] },
    { grade: 'stop', code: 'gone', demand: { name: '/data', waitMs: 90_000 } },
  ]);
  const asked = await readLaterMounts(machine, {
    ...known,
    block,
    asked: { degraded: 'start', waitMs: 7000 },
  });
  t.match(asked.without(disksOfData(asked).slice(0, 1)).findings, [
    { code: 'degraded', array: { waitMs: 7000 } },
  ]);
});

test('systemd waits for as long as it has been told', async (t) => {
  const { machine, known } = await recordedBoot(`${SUITE}/lvm-on-luks`);
  const plain = await readLaterMounts(machine, known);
  const unit = unitOf({ source: plain.demands[0]?.source ?? '' });
  const files: typeof machine.files = {
    ...machine.files,
    readText: async (path, max) =>
      path === '/etc/reliable-raid/mounted' ? `device 300 ${unit}\n` : machine.files.readText(path, max),
  };
  const told = await readLaterMounts({ ...machine, files }, known);
  t.match(told.demands, [{ name: '/data', waitMs: 300_000 }]);
});

test('an array that mdadm says nothing about is unknown, and a disk of its own is what it is', async (t) => {
  const { machine, known } = await recordedBoot(`${SUITE}/lvm-on-luks`, '/dev/ubda /x ext4 nofail\n');
  const mute = { ...machine, runner: { run: async (argv: readonly string[]) => ({ argv, ...NOTHING }) } };
  const later = await readLaterMounts(mute, known);
  t.match(later.demands, [{ name: '/data', ways: null, lost: /mdadm/ }, { name: '/x' }]);
  t.match(later.without(['ubda']).findings, [
    { grade: 'unknown', code: 'lost' },
    { grade: 'note', code: 'gone', demand: { name: '/x' } },
  ]);
});

const NOTHING = { status: 1, stdout: '', stderr: 'no', error: null };
