import { test } from 'tap';
import { parseSuperblock } from '../../../src/core/md/parse-superblock.ts';
import type { Superblock } from '../../../src/core/md/superblock.ts';
import { checksum1 } from '../../../src/core/md/superblock-1.ts';
import { encode1, type SuperblockFields } from '../../support/encode-superblock.ts';
import { ARRAY_UUID, DEVICE_BYTES, why } from '../../support/read-superblock.ts';

const parse1 = (fields: Partial<SuperblockFields>): Superblock => {
  const result = parseSuperblock('1.2', encode1(fields, 8), DEVICE_BYTES);
  if (!result.ok) throw new Error(result.why);
  return result.value;
};

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
  const needsBackup = (features: number, deltaDisks: number) =>
    parse1({ features, deltaDisks }).reshapeNeedsBackup ?? false;
  t.equal(needsBackup(0, 0), false, 'no reshape');
  t.equal(needsBackup(4, 1), false, 'grown: it moves away from its data');
  t.equal(needsBackup(4, 0), true, 'in place');
  t.equal(needsBackup(4 + 32, -1), true, 'shrunk');
  t.equal(needsBackup(4 + 64, 0), false, 'its data begins elsewhere by now');
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

test('where the bitmap begins, seen from the superblock', async (t) => {
  const at = (offset: number, features: number) => {
    const bytes = encode1({ features }, 8);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    view.setInt32(96, offset, true);
    view.setUint32(216, checksum1(view, view.getUint32(220, true)), true);
    const parsed = parseSuperblock('1.2', bytes, DEVICE_BYTES);
    return parsed.ok ? parsed.value.bitmapAtBytes : parsed.why;
  };
  t.equal(at(8, 1), 8192);
  t.equal(at(-8, 1), 0, 'before it, as with metadata 1.0');
  t.equal(at(8, 0), undefined);
});

test('the logical block size that Linux 6.19 writes, and zeros before', async (t) => {
  const made = (size: number) => {
    const parsed = parseSuperblock('1.2', encode1({ logicalBlockBytes: size }, 8), DEVICE_BYTES);
    return parsed.ok ? parsed.value.logicalBlockBytes : parsed.why;
  };
  t.equal(made(4096), 4096);
  t.equal(made(0), undefined);
});
