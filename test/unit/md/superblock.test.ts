import fc from 'fast-check';
import { test } from 'tap';
import { parseSuperblock, superblockLocations } from '../../../src/core/md/parse-superblock.ts';
import type { Metadata, Superblock } from '../../../src/core/md/superblock.ts';
import { encode0, encode1, type SuperblockFields } from '../../support/encode-superblock.ts';

const DEVICE_BYTES = 64 * 1024 * 1024;
const ARRAY_UUID = '734f71cb:0c800a0c:01020304:05060708';

const parse1 = (fields: Partial<SuperblockFields>): Superblock => {
  const result = parseSuperblock('1.2', encode1(fields, 8), DEVICE_BYTES);
  if (!result.ok) throw new Error(result.why);
  return result.value;
};

const why = (metadata: Metadata, bytes: Uint8Array, deviceBytes = DEVICE_BYTES): string => {
  const result = parseSuperblock(metadata, bytes, deviceBytes);
  return result.ok ? 'parsed' : result.why;
};

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

test('a 1.2 superblock', async (t) => {
  t.strictSame(parse1({}), {
    metadata: '1.2',
    arrayUuid: ARRAY_UUID,
    deviceUuid: '09090909:00000000:00000000:00000001',
    name: 'host:root',
    level: 1,
    layout: 0,
    chunkBytes: 524_288,
    raidDevices: 2,
    deviceNumber: 0,
    role: 0,
    slots: ['active', 'active'],
    slotHolders: [[0], [1]],
    events: 42,
    updateTimeMs: 1_700_000_000_000,
    clean: true,
    hasBitmap: false,
    needsJournal: false,
    reshaping: false,
    recoveryOffsetSectors: null,
  });
});

test('roles, slots and features of 1.x', async (t) => {
  t.match(parse1({ roles: [0, 0xfffe, 1], number: 2 }), { role: 1, slotHolders: [[0], [2]] });
  t.match(parse1({ roles: [0, 0xfffe], number: 0 }), { slots: ['active', 'missing'] });
  t.equal(parse1({ roles: [0, 0xfffe], number: 1 }).role, 'faulty');
  t.equal(parse1({ roles: [0, 0xffff], number: 1 }).role, 'spare');
  t.equal(parse1({ roles: [0, 1, 0xfffd], number: 2, features: 512 }).role, 'journal');
  t.equal(parse1({ number: 7 }).role, 'spare', 'a number beyond the role table, as role_from_sb()');
  t.equal(parse1({ roles: [0, 5], number: 1 }).role, 'spare', 'a role beyond the slots');
  t.match(parse1({ roles: [0, 1, 1], number: 2, features: 16 + 2, recoveryOffset: 99 }), {
    role: 1,
    slots: ['active', 'replacing'],
    slotHolders: [[0], [1, 2]],
    recoveryOffsetSectors: 99,
  });
  t.equal(parse1({ features: 16 }).recoveryOffsetSectors, 0, 'a replacement is never whole');
  t.equal(parse1({ features: 512, roles: [0, 1, 0xfffd], number: 2 }).recoveryOffsetSectors, null);
  t.match(parse1({ features: 512 }), { needsJournal: true, hasBitmap: false });
  t.match(parse1({ features: 1, clean: false }), { hasBitmap: true, clean: false });
  t.equal(parse1({ features: 1024, clean: false }).clean, true, 'a partial parity log counts as clean');
  t.equal(parse1({ features: 2048, clean: false }).clean, true);
  t.match(parse1({ features: 4, raidDevices: 2, deltaDisks: -1, roles: [0, 1, 2] }), {
    reshaping: true,
    raidDevices: 3,
  });
  t.match(parse1({ features: 4, raidDevices: 3, deltaDisks: 1, roles: [0, 1, 2] }), { raidDevices: 3 });
  t.equal(parse1({ name: '\xff\x1b[31m' }).name, '\xff\x1b[31m', 'kept raw');
  t.equal(parse1({ level: -1 }).level, -1);
});

test('1.0 and 1.1 lie elsewhere', async (t) => {
  const last = DEVICE_BYTES / 512 - 16;
  t.equal(why('1.0', encode1({}, last)), 'parsed');
  t.equal(why('1.1', encode1({}, 0)), 'parsed');
  t.equal(why('1.1', encode1({}, 8)), 'meant for another place');
  t.equal(
    why('1.0', encode1({}, last), DEVICE_BYTES * 2),
    'meant for another place',
    'of a partition, seen on its disk',
  );
});

test('a 1.x superblock that the kernel would refuse', async (t) => {
  t.equal(why('1.2', new Uint8Array(4096)), 'no md magic');
  t.equal(why('1.2', encode1({}, 8).subarray(0, 200)), 'only 200 bytes');
  t.equal(
    why('1.2', encode1({ roles: new Array(200).fill(0xffff) }, 8).subarray(0, 512)),
    'role table is cut off',
  );
  t.equal(why('1.2', encode1({}, 8, 10_000_000)), 'device is smaller than its data');
  t.equal(why('1.2', encode1({ events: 2 ** 60 }, 8)), 'impossible event count');
  t.equal(why('1.2', encode1({ raidDevices: 0 }, 8)), '0 raid devices');
  t.equal(why('1.2', encode1({ raidDevices: 5000 }, 8)), '5000 raid devices');
  const flipped = encode1({}, 8);
  flipped[200] = 43;
  t.equal(why('1.2', flipped), 'wrong checksum');
  const odd = encode1({ roles: [0, 1, 0xffff] }, 8);
  t.equal(why('1.2', odd), 'parsed', 'a role table that ends in half a word');
});

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

test('no bytes make it throw', async (t) => {
  const metadata = fc.constantFrom<Metadata>('0.90', '1.0', '1.1', '1.2');
  fc.assert(
    fc.property(metadata, fc.uint8Array({ maxLength: 5000 }), fc.nat(), (version, bytes, deviceBytes) => {
      parseSuperblock(version, bytes, deviceBytes);
    }),
  );
  const mutations = fc.array(fc.tuple(fc.nat(4095), fc.nat(255)), { maxLength: 12 });
  fc.assert(
    fc.property(metadata, mutations, fc.boolean(), fc.nat(2 ** 36), (version, changes, mend, deviceBytes) => {
      const bytes = version === '0.90' ? encode0({}) : encode1({}, 8);
      for (const [at, value] of changes) bytes[at] = value;
      if (mend) mendChecksum(version, bytes);
      const result = parseSuperblock(version, bytes, deviceBytes);
      if (!result.ok) return true;
      const { slots, raidDevices, slotHolders, events, role } = result.value;
      return (
        slots.length === raidDevices &&
        slotHolders.length === raidDevices &&
        Number.isSafeInteger(events) &&
        (typeof role !== 'number' || role < raidDevices)
      );
    }),
    { numRuns: 500 },
  );
  t.pass('nothing thrown');
});

/** Makes a changed superblock pass the checksum, so that what lies behind it is reached. */
function mendChecksum(metadata: Metadata, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  const at = metadata === '0.90' ? 38 * 4 : 216;
  const end = metadata === '0.90' ? 4096 : Math.min(4096, 256 + view.getUint32(220, true) * 2);
  view.setUint32(at, 0, true);
  let sum = 0n;
  for (let i = 0; i + 4 <= end; i += 4) sum += BigInt(view.getUint32(i, true));
  if (end % 4 === 2) sum += BigInt(view.getUint16(end - 2, true));
  view.setUint32(at, Number(((sum & 0xffffffffn) + (sum >> 32n)) & 0xffffffffn), true);
}
