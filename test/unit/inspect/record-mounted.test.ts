import { test } from 'tap';
import { formatMountedArrays } from '../../../src/core/configuration/mounted-arrays.ts';
import { mountDemands } from '../../../src/core/inspect/mount-demands.ts';
import { type MountedFacts, recordMounted } from '../../../src/core/inspect/record-mounted.ts';
import { parseFstab } from '../../../src/core/parse/fstab.ts';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';
import { uuidOf } from '../../support/ledger-entries.ts';

const HOME = 'UUID=home /home ext4\n';
const DATA = 'UUID=data /data ext4 nofail\n';
const UNIT = String.raw`dev-disk-by\x2duuid-home.device`;

/** md0 is root's, md1 has /home and stands on md4, md2 has /data, md3 nothing. */
function factsOf(fstab: string, running: readonly number[], more: Partial<MountedFacts> = {}): MountedFacts {
  const uuidsOfFs = ['root', 'home', 'data', 'spare', 'leg'];
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: running.map((n) => device(`md${n}`, { type: 'raid1', uuid: uuidsOfFs[n] ?? null })),
    slaves: new Map([['md1', ['md4']]]),
  });
  const files = { fstab: parseFstab(fstab).entries, fstabAt: '', crypttab: [], crypttabAt: '' };
  return {
    ...{ graph, demands: mountDemands(files, graph, new Map()), ofRoot: ['md0'], isAsked: true },
    uuids: new Map(running.map((n) => [`md${n}`, uuidOf(n + 1)])),
    waitOf: () => null,
    ...{ isMaxWaitSet: false, systemdMs: 90_000 },
    ...more,
  };
}
const ALL = [0, 1, 2, 3, 4];
const slow: Partial<MountedFacts> = {
  waitOf: () => ({ waitMs: 100_000, maxWaitMs: 0, degraded: 'start' }),
  isAsked: false,
};
const arraysOf = (facts: MountedFacts, before = '') =>
  [...new Set(recordMounted(facts, before)?.arrays)].sort();

test('nothing where nobody asks and systemd waits long enough', async (t) => {
  t.equal(recordMounted(factsOf(HOME, ALL, { isAsked: false }), ''), null);
});

test('all that a line stands on, root included, and no other array', async (t) => {
  t.same(arraysOf(factsOf(HOME, ALL)), [uuidOf(1), uuidOf(2), uuidOf(5)]);
  t.same(arraysOf(factsOf('', ALL)), [uuidOf(1)]);
});

test('with a device that needs time the arrays are named as well', async (t) => {
  const record = recordMounted(factsOf(HOME, ALL, slow), '');
  t.same(record?.devices, [{ unit: UNIT, seconds: 230 }]);
  t.same(arraysOf(factsOf(HOME, ALL, slow)), [uuidOf(1), uuidOf(2), uuidOf(5)]);
});

test('an array that does not run now is what it was, while a line leads nowhere', async (t) => {
  const before = formatMountedArrays({
    arrays: [uuidOf(2), uuidOf(4), uuidOf(9)],
    devices: [
      { unit: UNIT, seconds: 210 },
      { unit: 'dev-old.device', seconds: 210 },
    ],
  });
  const down = factsOf(HOME, [0, 3], slow);
  t.same(arraysOf(down, before), [uuidOf(1), uuidOf(2), uuidOf(9)], 'md3 runs, and nothing is on it');
  t.same(recordMounted(down, before)?.devices, [{ unit: UNIT, seconds: 210 }]);
  t.same(arraysOf(factsOf(DATA, ALL), before), [uuidOf(1), uuidOf(3)], 'no line is lost');
  t.equal(recordMounted(factsOf(DATA, ALL, { isAsked: false }), before), null);
});
