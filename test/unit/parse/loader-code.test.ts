import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { test } from 'tap';
import {
  bootCodeOf,
  filesOfEntry,
  isGrubCore,
  loaderOfFile,
  searchedUuid,
} from '../../../src/core/parse/loader-code.ts';

const recorded = join(import.meta.dirname, '../../fixtures/recorded/boot-loaders-bookworm');
const image = (name: string): Uint8Array => gunzipSync(readFileSync(join(recorded, `${name}.img.gz`)));
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

test('GRUB as grub-bios-setup writes it: boot code, and the core image where it points', async (t) => {
  for (const [label, sector] of [
    ['gpt', 2048],
    ['dos', 1],
  ] as const) {
    const disk = image(`bios-${label}`);
    t.same(bootCodeOf(disk.subarray(0, 512)), { kind: 'grub', coreSector: sector });
    t.ok(isGrubCore(disk.subarray(sector * 512, sector * 512 + 1024)));
    t.notOk(isGrubCore(disk.subarray(sector * 512 + 512, sector * 512 + 1536)));
    t.same(bootCodeOf(image(`bios-${label}-without`)), { kind: 'empty' }, 'as sfdisk leaves it');
  }
  t.notOk(isGrubCore(new Uint8Array(1024)));
  t.notOk(isGrubCore(new Uint8Array(10)));
});

test('other boot code is no GRUB', async (t) => {
  const sector = new Uint8Array(512);
  t.same(bootCodeOf(sector), { kind: 'none' });
  sector.set([0x55, 0xaa], 510);
  t.same(bootCodeOf(sector), { kind: 'empty' });
  sector.set([0xeb, 0x63, 0x90]);
  sector.set([0x55, 0xaa], 510);
  t.same(bootCodeOf(sector), { kind: 'other' });
  t.same(bootCodeOf(sector.subarray(0, 100)), { kind: 'none' });
});

test('EFI programs by what they hold', async (t) => {
  t.equal(loaderOfFile(bytes('MZ #### LoaderInfo: systemd-boot 252 ####')), 'systemd-boot');
  t.equal(loaderOfFile(bytes('MZ #### LoaderInfo: systemd-stub 252 ####')), 'unified-kernel');
  t.equal(loaderOfFile(bytes('MZ Welcome to GRUB!\0')), 'grub');
  const part = gunzipSync(readFileSync(join(recorded, '../boot-loaders-trixie/grub-efi-part.bin.gz')));
  t.equal(loaderOfFile(part), 'grub', 'Debian 13 builds it without its greeting');
  t.equal(loaderOfFile(bytes('MZ \\\0g\0r\0u\0b\0')), 'shim');
  t.equal(loaderOfFile(bytes('MZ refind')), 'other');
  t.equal(loaderOfFile(new Uint8Array(0)), 'other');
});

test('where GRUB looks first', async (t) => {
  t.equal(
    searchedUuid(bytes('search.fs_uuid\0x search.fs_uuid 6F1C2B3A-0000-4000-8000-0123456789AB root\n')),
    '6f1c2b3a-0000-4000-8000-0123456789ab',
  );
  t.equal(searchedUuid(bytes('search.fs_uuid %s')), null);
  t.equal(searchedUuid(bytes('')), null);
});

test('the files of an entry of systemd-boot', async (t) => {
  const text = 'title x\r\nlinux /a/linux\n initrd  /a/initrd \ninitrd /b\noptions initrd=/c\n';
  t.same(filesOfEntry(bytes(text)), ['/a/linux', '/a/initrd', '/b']);
  t.same(filesOfEntry(bytes('efi /x.efi')), ['/x.efi']);
});
