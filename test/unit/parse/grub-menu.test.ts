import { test } from 'tap';
import { parseGrubMenu } from '../../../src/core/parse/grub-menu.ts';

test('kernels and images in the order of the menu', async (t) => {
  const text = `set default="0"
menuentry 'Debian' {
	linux	/boot/vmlinuz-6.12.1-amd64 root=UUID=x ro
	initrd	/boot/initrd.img-6.12.1-amd64 /other
}
submenu 'Advanced' {
  linuxefi /vmlinuz-6.1.0-9-amd64 quiet
}
`;
  t.same(parseGrubMenu(text), [
    { kernel: 'vmlinuz-6.12.1-amd64', image: 'initrd.img-6.12.1-amd64' },
    { kernel: 'vmlinuz-6.1.0-9-amd64', image: null },
  ]);
  t.same(parseGrubMenu('initrd /a\n# linux /b\n'), []);
});
