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
    { kernel: 'vmlinuz-6.12.1-amd64', image: 'initrd.img-6.12.1-amd64', root: 'UUID=x' },
    { kernel: 'vmlinuz-6.1.0-9-amd64', image: null, root: null },
  ]);
  t.same(parseGrubMenu('initrd /a\n# linux /b\n'), []);
});

test('where the kernel is told that root is, as far as it is written there', async (t) => {
  const root = (words: string) => parseGrubMenu(`linux /vmlinuz-1 ${words}\n`)[0]?.root;
  t.equal(root('ro root=/dev/mapper/vg-root quiet'), '/dev/mapper/vg-root');
  t.equal(root('root=UUID=a root=UUID=b'), 'UUID=b', 'the kernel takes the last one');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of GRUB
  t.equal(root('root=${rootdev} ro'), null);
  t.equal(root("root='UUID=a' ro"), null);
  t.equal(root('ro quiet'), null);
});
