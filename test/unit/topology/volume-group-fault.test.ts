import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { volumeGroupFault } from '../../../src/core/topology/volume-group-fault.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const GROUP = 'g'.repeat(32);
const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [device('md0', { majorMinor: '9:0' }), device('md1', { majorMinor: '9:1' })],
  dmNodes: [{ device: 'dm-0', name: 'vg-root', uuid: `LVM-${GROUP}${'1'.repeat(32)}`, standsOn: ['md0'] }],
});
const volume = (majorMinor: string | null, groupSize: number, groupId = GROUP) => ({
  ...{ majorMinor, groupId, groupSize, groupName: 'vg' },
  ...{ path: '/dev/x', uuid: `pv-${majorMinor}` },
});

const cases: readonly (readonly [
  what: string,
  volumes: readonly ReturnType<typeof volume>[],
  needed: readonly string[],
  why: RegExp | null,
])[] = [
  ['whole', [volume('9:0', 2), volume('9:1', 2)], ['dm-0'], null],
  ['one of one', [volume('9:0', 1)], ['dm-0'], null],
  ['not needed', [], ['md0'], null],
  ['not told of', [], ['dm-0'], /reports nothing about the volume group of vg-root/],
  ['another group', [volume('9:0', 1, 'x')], ['dm-0'], /reports nothing/],
  ['one is unknown', [volume('9:0', 2), volume(null, 2)], ['dm-0'], /only 1 of the 2 .* vg .*PV pv-null/],
  ['one is on no device of this machine', [volume('9:0', 2), volume('9:7', 2)], ['dm-0'], /PV pv-9:7/],
  ['the report is cut', [volume('9:0', 3), volume('9:1', 3)], ['dm-0'], /only 2 of the 3/],
];

for (const [what, volumes, needed, why] of cases)
  test(`a volume group: ${what}`, async (t) => {
    const fault = volumeGroupFault(needed, graph, volumes);
    if (why === null) t.equal(fault, null);
    else t.match(fault, why);
  });
