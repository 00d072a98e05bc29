import { test } from 'tap';
import { superblockLocations } from '../../../src/core/md/superblock-locations.ts';

test('where superblocks lie, by the size of the device', async (t) => {
  const places = (bytes: number) =>
    Object.fromEntries(
      superblockLocations(bytes).map(({ metadata, offsetBytes }) => [metadata, offsetBytes]),
    );
  t.strictSame(places(0), {});
  t.strictSame(places(12 * 1024), { '1.2': 4096, '1.1': 0, '1.0': 4096 });
  t.strictSame(places(64 * 1024), { '1.2': 4096, '1.1': 0, '1.0': 56 * 1024, '0.90': 0 });
  t.strictSame(places(1_000_204_886_016), {
    '1.2': 4096,
    '1.1': 0,
    '1.0': 1_000_204_877_824,
    '0.90': 1_000_204_795_904,
  });
  // An odd number of sectors: 1.0 lies at least 8 KiB from the end on a 4 KiB boundary, 0.90 on a 64 KiB one.
  t.strictSame(places(100_001 * 512), { '1.2': 4096, '1.1': 0, '1.0': 51_191_808, '0.90': 51_118_080 });
});
