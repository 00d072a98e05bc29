import { test } from 'tap';
import { parseGrubMenu } from '../../../src/core/parse/grub-menu.ts';
import { survivesAnyText } from '../../support/any-text.ts';

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
    { kernel: 'vmlinuz-6.12.1-amd64', image: 'initrd.img-6.12.1-amd64', root: 'UUID=x', isDefault: true },
    { kernel: 'vmlinuz-6.1.0-9-amd64', image: null, root: null, isDefault: false },
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

/** As grub-mkconfig writes it, with what GRUB_DEFAULT gives. */
const menuOf = (value: string): string => `
if [ -s $prefix/grubenv ]; then
  load_env
fi
if [ "\${next_entry}" ] ; then
   set default="\${next_entry}"
   set next_entry=
   save_env next_entry
else
   set default="${value}"
fi
function gfxmode {
	set gfxpayload="\${1}"
}
menuentry 'Debian GNU/Linux' --class debian $menuentry_id_option 'gnulinux-simple-U' {
	linux	/boot/vmlinuz-7 root=UUID=U ro
}
submenu 'Advanced options for Debian GNU/Linux' $menuentry_id_option 'gnulinux-advanced-U' {
	menuentry 'Debian GNU/Linux, with Linux 7' --class debian $menuentry_id_option 'gnulinux-7-advanced-U' {
		linux	/boot/vmlinuz-7 root=UUID=U ro
	}
	menuentry 'Debian GNU/Linux, with Linux 6' --class debian $menuentry_id_option 'gnulinux-6-advanced-U' {
		linux	/boot/vmlinuz-6 root=UUID=U ro
	}
}
menuentry "Memory test" {
	linux16	/boot/memtest
}
menuentry 'UEFI Firmware Settings' $menuentry_id_option 'uefi-firmware' {
	fwsetup
}
menuentry 'Old' --id old {
	linux	/boot/vmlinuz-5 ro
}
`;

test('which entry is started where nobody chooses', async (t) => {
  const saved = '$saved_entry';
  for (const [value, environment, kernel] of [
    ['0', '', 'vmlinuz-7'],
    ['1>1', '', 'vmlinuz-6'],
    ['1>0', '', 'vmlinuz-7'],
    ['gnulinux-advanced-U>gnulinux-6-advanced-U', '', 'vmlinuz-6'],
    ['Advanced options for Debian GNU/Linux>Debian GNU/Linux, with Linux 6', '', 'vmlinuz-6'],
    ['1', '', 'vmlinuz-7'],
    ['2', '', 'memtest'],
    ['Memory test', '', 'memtest'],
    ['4', '', 'vmlinuz-5'],
    ['old', '', 'vmlinuz-5'],
    ['3', '', 'vmlinuz-7'],
    ['9', '', 'vmlinuz-7'],
    [saved, '', 'vmlinuz-7'],
    [saved, '# GRUB Environment Block\nsaved_entry=1>1\n####', 'vmlinuz-6'],
    [saved, 'saved_entry=old\nprev_saved_entry=1>1\n', 'vmlinuz-6'],
    ['0', 'saved_entry=1>1\n', 'vmlinuz-7'],
    ['0', 'next_entry=1>1\n', 'vmlinuz-6'],
    ['0', 'next_entry=\n', 'vmlinuz-7'],
    ['$other', '', 'vmlinuz-7'],
  ] as const) {
    const chosen = parseGrubMenu(menuOf(value), environment).filter(({ isDefault }) => isDefault);
    t.same(
      chosen.map((entry) => entry.kernel),
      [kernel],
      `${value} with ${environment}`,
    );
  }
  t.equal(parseGrubMenu('set default="0"\nmenuentry a {\nlinux /k\n}\n', 'next_entry=9')[0]?.isDefault, true);
  survivesAnyText((text) => parseGrubMenu(menuOf(text), text));
});
