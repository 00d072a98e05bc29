import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'tap';
import { FatFiles } from '../../../../src/app/read/fat-files.ts';

const recorded = join(import.meta.dirname, '../../../fixtures/recorded/boot-loaders-bookworm');

function imageFiles(image: Uint8Array, limit = image.length) {
  return {
    readBytes: async (_path: string, offset: number, length: number) =>
      offset + length > limit ? null : image.subarray(offset, offset + length),
  };
}

for (const bits of [12, 16, 32])
  test(`FAT${bits} as mkfs.vfat and mtools make it`, async (t) => {
    const image = gunzipSync(readFileSync(join(recorded, `fat${bits}.img.gz`)));
    const fat = await FatFiles.open(imageFiles(image), '/dev/x');
    if (fat === null) return t.fail('is no FAT');
    const names = async (path: string) => (await fat.list(path))?.map(({ name }) => name).sort();
    t.same(await names('/'), ['EFI', 'debian', 'loader', 'many']);
    t.same(await names('\\efi\\DEBIAN'), ['grub.cfg', 'grubx64.efi']);
    t.equal((await names('/many'))?.length, 40);
    t.ok(await fat.find('/many/A Long name of file number 40'));
    t.match(await fat.find('/debian/6.1.0-9/linux'), { sizeBytes: 5000, isFolder: false });
    t.equal(await fat.find('/gone'), null, 'deleted');
    t.equal(await fat.find('/EFI/nowhere/x.efi'), null);
    t.equal(await names('/EFI/debian/grub.cfg'), undefined, 'a file is no folder');
    const text = async (path: string, max = 100_000) =>
      Buffer.from((await fat.readFile(path, max)) ?? []).toString('latin1');
    t.equal(await text('/debian/6.1.0-9/linux'), 'k'.repeat(5000));
    t.equal(await text('/debian/6.1.0-9/linux', 7), 'kkkkkkk');
    t.match(await text('/EFI/debian/grub.cfg'), /^search\.fs_uuid .*\nset prefix=\(\$root\)\/boot\/grub\n$/);
    t.equal(await fat.readFile('/EFI', 10), null);
  });

test('what is no FAT, is cut off or loops ends', async (t) => {
  const image = gunzipSync(readFileSync(join(recorded, 'fat32.img.gz')));
  t.equal(await FatFiles.open(imageFiles(new Uint8Array(4096)), '/dev/x'), null);
  t.equal(await FatFiles.open(imageFiles(image, 100), '/dev/x'), null);
  const cut = await FatFiles.open(imageFiles(image, 2048), '/dev/x');
  t.equal(await cut?.list('/'), null);
  // Every cluster follows itself.
  const loops = Uint8Array.from(image);
  const view = new DataView(loops.buffer);
  const [reserved, fatSectors] = [view.getUint16(14, true), view.getUint32(36, true)];
  for (let cluster = 2; cluster < (fatSectors * 512) / 4; cluster += 1)
    view.setUint32(reserved * 512 + cluster * 4, cluster, true);
  const looping = await FatFiles.open(imageFiles(loops), '/dev/x');
  t.ok(Array.isArray(await looping?.list('/')));
});
