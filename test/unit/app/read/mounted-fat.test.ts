import { test } from 'tap';
import { MountedFat } from '../../../../src/app/read/mounted-fat.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const files = new MemoryFiles({
  '/efi/EFI/BOOT/BOOTX64.EFI': 'program',
  '/efi/loader/entries/a.conf': '',
  '/efi/loader/entries/B.CONF': '',
});
const text = async (fat: MountedFat, path: string, max = 100) => {
  const bytes = await fat.readFile(path, max);
  return bytes === null ? null : Buffer.from(bytes).toString();
};

test('names in any case, paths with either slash', async (t) => {
  const fat = new MountedFat(files, '/efi');
  t.same(await fat.names('/'), ['EFI', 'loader']);
  t.same(await fat.names('\\LOADER\\Entries'), ['B.CONF', 'a.conf']);
  t.same(await fat.names('/nowhere'), []);
  t.equal(await text(fat, '\\efi\\boot\\bootx64.efi'), 'program');
  t.equal(await text(fat, '/EFI/BOOT/BOOTX64.EFI', 4), 'prog');
  t.equal(await text(fat, '/EFI/BOOT/none.efi'), null);
  t.ok(await fat.isFile('/loader/ENTRIES/A.conf'), 'an empty file is one');
  t.notOk(await fat.isFile('/loader/entries'));
});
