import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { test } from 'tap';
import {
  clusterOffset,
  fatEntryPlace,
  nextCluster,
  parseFatFolder,
  parseFatLayout,
} from '../../../src/core/parse/fat.ts';

const recorded = join(import.meta.dirname, '../../fixtures/recorded/boot-loaders-bookworm');
const imageOf = (bits: number): Uint8Array => gunzipSync(readFileSync(join(recorded, `fat${bits}.img.gz`)));

test('the kind of FAT and where things lie', async (t) => {
  for (const bits of [12, 16, 32] as const) {
    const layout = parseFatLayout(imageOf(bits).subarray(0, 512));
    t.match(layout, { ok: true, value: { bits, root: { kind: bits === 32 ? 'chain' : 'place' } } });
    if (!layout.ok) continue;
    t.equal(clusterOffset(layout.value, 1), null);
    t.equal(clusterOffset(layout.value, 2), layout.value.dataOffset);
    t.equal(clusterOffset(layout.value, layout.value.clusterCount + 2), null);
    t.equal(fatEntryPlace(layout.value, 2 ** 29), null, 'outside of the FAT');
  }
});

test('12 bits are cut from the right half', async (t) => {
  const layout = parseFatLayout(imageOf(12).subarray(0, 512));
  if (!layout.ok) return t.fail('no FAT');
  t.equal(nextCluster(layout.value, 2, Uint8Array.of(0x34, 0x01)), 0x134);
  t.equal(nextCluster(layout.value, 3, Uint8Array.of(0x40, 0x13)), 0x134);
  t.equal(nextCluster(layout.value, 2, Uint8Array.of(0xff, 0x0f)), null, 'the end');
  t.equal(nextCluster(layout.value, 2, Uint8Array.of(0, 0)), null, 'free');
});

test('any bytes are read without an error of the program', async (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 1024 }), (bytes) => {
      parseFatFolder(bytes);
      const layout = parseFatLayout(bytes);
      if (layout.ok) fatEntryPlace(layout.value, 2);
    }),
  );
  fc.assert(
    fc.property(fc.nat(511), fc.nat(255), (at, value) => {
      const sector = Uint8Array.from(imageOf(16).subarray(0, 512));
      sector[at] = value;
      const layout = parseFatLayout(sector);
      return !layout.ok || layout.value.clusterCount > 0 || layout.value.clusterCount === 0;
    }),
    { numRuns: 50 },
  );
  t.pass();
});
