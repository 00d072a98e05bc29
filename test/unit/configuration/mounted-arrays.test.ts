import fc from 'fast-check';
import { test } from 'tap';
import {
  formatMountedArrays,
  type MountedArrays,
  parseMountedArrays,
} from '../../../src/core/configuration/mounted-arrays.ts';
import { uuidOf } from '../../support/ledger-entries.ts';

const MOUNTED: MountedArrays = {
  arrays: [uuidOf(1), uuidOf(2)],
  devices: [
    { unit: 'dev-md0.device', seconds: 210 },
    { unit: String.raw`dev-disk-by\x2duuid-1\x2d2.device`, seconds: 150 },
  ],
};

test('what was written is read, in an order of its own', async (t) => {
  const text = formatMountedArrays(MOUNTED);
  t.match(
    text,
    /^# [^\n]+\narray [^\n]+\narray [^\n]+\ndevice 150 dev-disk[^\n]+\ndevice 210 dev-md0\.device\n$/,
  );
  t.same(parseMountedArrays(text), { ...MOUNTED, devices: [...MOUNTED.devices].reverse() });
  const twice = { ...MOUNTED, arrays: [uuidOf(2), uuidOf(1), uuidOf(2)] };
  t.equal(formatMountedArrays(twice), text, 'the same, met in another order');
});

test('what is not such a line is nothing', async (t) => {
  t.same(
    parseMountedArrays(
      ['array nonsense', 'device x dev-md0.device', 'device 5 ../etc.device', 'device 5 dev-md0.mount'].join(
        '\n',
      ),
    ),
    { arrays: [], devices: [] },
  );
  fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseMountedArrays(text).devices)));
});
