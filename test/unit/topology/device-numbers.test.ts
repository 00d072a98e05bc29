import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { deviceAt, deviceNumbers } from '../../../src/core/topology/device-numbers.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [
    device('sda', { majorMinor: '8:0' }),
    device('dm-3', { majorMinor: '254:3', path: '/dev/mapper/x' }),
    device('cciss!c0d0', { majorMinor: '104:0', path: '/dev/cciss/c0d0' }),
    device('sdb'),
  ],
});
const numbers = deviceNumbers(graph);

const table: readonly (readonly [path: string, number: string | null, id: string | null])[] = [
  ['/dev/d1', '8:0', 'sda'],
  ['/dev/sdb', '8:0', 'sda'],
  ['/dev/sda', '8:16', null],
  ['/dev/sda', null, 'sda'],
  ['/dev/mapper/x', null, 'dm-3'],
  ['/dev/cciss/c0d0', null, 'cciss!c0d0'],
  ['/dev/sdb', null, 'sdb'],
  ['/dev/gone', null, null],
];

test('a device is told by its number; by its path only where no node is', async (t) => {
  for (const [path, number, id] of table)
    t.equal(deviceAt(path, number, graph, numbers), id, `${path} ${number}`);
});
