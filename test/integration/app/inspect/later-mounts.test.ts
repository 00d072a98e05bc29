import { test } from 'tap';
import { readLaterMounts } from '../../../../src/app/inspect/later-mounts.ts';
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
