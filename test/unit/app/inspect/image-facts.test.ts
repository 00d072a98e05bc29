import { test } from 'tap';
import { readImages } from '../../../../src/app/inspect/image-facts.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { IMAGE, listOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const BOOT = {
  '/boot/vmlinuz-6.1.0-9': 'x',
  '/boot/vmlinuz-6.12.1': 'x',
  '/boot/vmlinuz-6.9': 'x',
  '/boot/initrd.img-6.12.1': 'x',
  '/boot/initrd.img-6.1.0-9': 'x',
  '/lib/modules/6.12.1/modules.builtin': 'kernel/drivers/md/md-mod.ko\n',
};
const BY_DRACUT = `Image: /boot/initrd-6.9: 53M
========================================================================
-rw-r--r--   1 root     root          416 Nov 28 09:57 usr/lib/dracut/modules.txt
`;
const facts = (texts: Readonly<Record<string, string>>, root = '') => {
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const runner = answeringRunner(([program, path = '']) =>
    program === 'lsinitramfs' && path.endsWith('6.12.1')
      ? { stdout: '.\n./sbin/mdadm\n' }
      : program === 'lsinitrd' && path.endsWith('6.9')
        ? { stdout: BY_DRACUT }
        : { status: 1 },
  );
  return readImages({ ...idleMachine(clock, new MemoryFiles(texts)), runner }, root, listOf(IMAGE));
};

test('each kernel with its image, newest first', async (t) => {
  t.match((await facts(BOOT)).kernels, [
    { version: '6.12.1', isDefault: true, paths: new Set(['.', 'sbin/mdadm']), builtIn: new Set(['md_mod']) },
    { version: '6.9', isDefault: false, image: null, paths: null },
    { version: '6.1.0-9', image: 'initrd.img-6.1.0-9', paths: null },
  ]);
});

test('the menu says which one boots', async (t) => {
  const menu = {
    '/boot/grub/grub.cfg': 'linux /vmlinuz-gone\nlinux /vmlinuz-6.9 ro\nlinux /vmlinuz-6.12.1\n',
  };
  const { kernels } = await facts({ ...BOOT, ...menu });
  t.same(
    kernels.filter(({ isDefault }) => isDefault).map(({ version }) => version),
    ['6.9'],
  );
});

test('who made each image; where nothing tells, who is installed', async (t) => {
  const dracut = { ...BOOT, '/usr/bin/dracut': 'x', '/boot/initrd-6.9': 'x' };
  const byName = async (texts: Readonly<Record<string, string>>) => {
    const { kernels, generator } = await facts(texts);
    return [generator.name, ...kernels.map((one) => one.generator.name)].join(' ');
  };
  t.equal(await byName(BOOT), 'initramfs-tools initramfs-tools initramfs-tools initramfs-tools');
  t.equal(await byName(dracut), 'dracut dracut dracut dracut');
  const both = { ...dracut, '/usr/sbin/mkinitramfs': 'x', '/usr/sbin/update-initramfs': 'x' };
  t.equal(await byName(both), 'initramfs-tools initramfs-tools dracut initramfs-tools');
  t.match((await facts(both)).kernels, [
    {},
    { image: 'initrd-6.9', paths: new Set(['usr/lib/dracut/modules.txt']) },
    {},
  ]);
});

test('the list of the last image, and another root', async (t) => {
  const kept = '/var/lib/reliable-raid/watchlist.json';
  t.equal((await facts(BOOT)).changes, null);
  t.same((await facts({ ...BOOT, [kept]: formatWatchlist(listOf(IMAGE)) })).changes, []);
  t.match((await facts({ ...BOOT, [kept]: formatWatchlist({ ...listOf(IMAGE), arrays: [] }) })).changes, [
    { what: 'new' },
  ]);
  t.same((await facts(BOOT, '/mnt')).kernels, []);
});
