import { test } from 'tap';
import { parseSuperblock } from '../../../src/core/md/parse-superblock.ts';
import { encode0, type SuperblockFields } from '../../support/encode-superblock.ts';
import { ARRAY_UUID, DEVICE_BYTES, why } from '../../support/read-superblock.ts';

for (const little of [true, false]) {
  test(`a 0.90 superblock, ${little ? 'little' : 'big'} endian`, async (t) => {
    const parse = (fields: Partial<SuperblockFields>) => {
      const result = parseSuperblock('0.90', encode0(fields, little), DEVICE_BYTES);
      if (!result.ok) throw new Error(result.why);
      return result.value;
    };
    t.match(parse({ events: 2 ** 33 + 7 }), {
      metadata: '0.90',
      arrayUuid: ARRAY_UUID,
      deviceUuid: `${ARRAY_UUID}/0`,
      name: '3',
      role: 0,
      slots: ['active', 'active'],
      events: 2 ** 33 + 7,
      updateTimeMs: 1_700_000_000_000,
      clean: true,
      reshaping: false,
      recoveryOffsetSectors: null,
    });
    t.match(parse({ roles: [0] }), { slots: ['active', 'missing'] });
    t.equal(parse({ roles: [0, 1, 0xffff], number: 2 }).role, 'spare');
    t.equal(parse({ roles: [0, 0xfffe], number: 1 }).role, 'faulty');
    t.equal(parse({ features: 4 }).reshaping, true, '0.91');
    t.equal(parse({ clean: false }).clean, false);
  });
}

test('a 0.90 superblock that the kernel would refuse', async (t) => {
  t.equal(why('0.90', new Uint8Array(100)), 'only 100 bytes');
  t.equal(why('0.90', new Uint8Array(4096)), 'no md magic');
  t.equal(why('0.90', encode0({ raidDevices: 28 })), '28 raid devices');
  const flipped = encode0({});
  flipped[32 * 4] = 1;
  t.equal(why('0.90', flipped), 'wrong checksum');
});
