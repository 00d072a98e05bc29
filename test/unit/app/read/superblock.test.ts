import { test } from 'tap';
import { readSuperblock } from '../../../../src/app/read/superblock.ts';
import { encode1 } from '../../../support/encode-superblock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const BYTES = 4 * 1024 * 1024;
const AT_1_0 = BYTES - 16 * 512 - ((BYTES / 512 - 16) % 8) * 512;

/** A device with these superblocks, by where they lie. */
function deviceWith(...superblocks: readonly (readonly [offset: number, bytes: Uint8Array])[]): MemoryFiles {
  const files = new MemoryFiles();
  const content = new Uint8Array(BYTES);
  for (const [offset, bytes] of superblocks) content.set(bytes.subarray(0, 4096), offset);
  files.bytes.set('/dev/sda', content);
  return files;
}
const at12 = (updateSeconds: number) => [4096, encode1({ updateSeconds }, 8, 100)] as const;
const at10 = (updateSeconds: number) => [AT_1_0, encode1({ updateSeconds }, AT_1_0 / 512, 100)] as const;
const found = async (files: MemoryFiles, version: string | null) =>
  (await readSuperblock(files, '/dev/sda', BYTES, version))?.metadata ?? null;

test('what udev names is looked for first, else the superblock written last counts', async (t) => {
  const both = deviceWith(at12(200), at10(100));
  t.equal(await found(both, null), '1.2');
  t.equal(await found(deviceWith(at12(100), at10(200)), null), '1.0');
  t.equal(await found(both, '1.0'), '1.0', 'named, though the other one is newer');
  t.equal(await found(deviceWith(at12(100)), '1.0'), '1.2', 'named wrongly');
  t.equal(await found(deviceWith(), null), null);
  t.equal(await found(new MemoryFiles(), null), null, 'cannot be read');
});

test('a superblock that was being written is read once more', async (t) => {
  const whole = deviceWith(at12(100));
  const torn = deviceWith(at12(100));
  const content = torn.bytes.get('/dev/sda');
  if (content !== undefined) content[4096 + 200] = 99;
  let reads = 0;
  const files = Object.assign(new MemoryFiles(), {
    readBytes: async (path: string, offset: number, length: number) =>
      offset === 4096 && reads++ === 0
        ? torn.readBytes(path, offset, length)
        : whole.readBytes(path, offset, length),
  });
  t.equal(await found(files, '1.2'), '1.2');
  t.equal(await found(torn, '1.2'), null, 'damaged for good');
});
