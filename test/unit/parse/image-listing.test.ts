import fc from 'fast-check';
import { test } from 'tap';
import { pathsInLsinitramfs, pathsInLsinitrd } from '../../../src/core/parse/image-listing.ts';

test('lsinitramfs prints paths and nothing else', async (t) => {
  t.same(pathsInLsinitramfs('.\n./sbin/mdadm\nusr/bin/sh\n/init'), ['.', 'sbin/mdadm', 'usr/bin/sh', 'init']);
});

// Printed by lsinitrd of dracut 106 for an image of its own; the device nodes and the packed ones are of other images.
const LISTING = `Image: t106.img: 53M
========================================================================
Version: dracut-106-6

Arguments:  --no-kernel --no-compress --force

dracut modules:
dash
mdraid
========================================================================
crw-r--r--   1 root     root       5,   1 Nov 28 09:57 dev/console
lrwxrwxrwx   1 root     root           25 Nov 28 09:57 etc/initrd-release -> ../usr/lib/initrd-release
-rwxr-xr-x   1 root     root         2335 Feb  1  2025 usr/bin/dracut-cmdline
drwxr-xr-x   2 root     root            0 Nov 28 09:58 usr/lib/dracut
-rw-r--r--   1 root     root            4 Nov 28 09:58 usr/lib/odd -> name 2025 x
========================================================================
Squashed content (squashfs-root.img):
========================================================================
-rwxr-xr-x root/root              8177 2025-02-01 09:57 squashfs-root/usr/sbin/mdadm
drwxr-xr-x root/root                45 2025-02-01 09:57 squashfs-root
-rwxr-xr-x 1 root root 8177 Feb  1  2025 erofs-root/usr/bin/sh
========================================================================

dracut cmdline:
rd.md.uuid=11111111:22222222:33333333:44444444
`;

test('lsinitrd prints much else; links without what they lead to', async (t) => {
  t.same(pathsInLsinitrd(LISTING), [
    'dev/console',
    'etc/initrd-release',
    'usr/bin/dracut-cmdline',
    'usr/lib/dracut',
    'usr/lib/odd -> name 2025 x',
    'usr/sbin/mdadm',
    'usr/bin/sh',
  ]);
});

test('any text', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) =>
      pathsInLsinitrd(text).every((path) => path !== '' && !path.includes('\n')),
    ),
  );
});
