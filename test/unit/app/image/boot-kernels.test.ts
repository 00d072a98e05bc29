import { test } from 'tap';
import { readBootKernels } from '../../../../src/app/image/boot-kernels.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const BOOT = {
  ...{ '/boot/vmlinuz-6.1.0-9': '', '/boot/vmlinuz-6.12.1': '', '/boot/vmlinux-6.9': '' },
  ...{ '/boot/initrd.img-6.12.1': '', '/boot/initrd.img-6.12.1.former': '', '/boot/initramfs-6.9.img': '' },
};

test('newest first, with their images; the newest boots unless the menu says another', async (t) => {
  t.same(await readBootKernels(new MemoryFiles(BOOT), ''), [
    { version: '6.12.1', isDefault: true, image: 'initrd.img-6.12.1' },
    { version: '6.9', isDefault: false, image: 'initramfs-6.9.img' },
    { version: '6.1.0-9', isDefault: false, image: null },
  ]);
  const menu = { '/boot/grub/grub.cfg': 'linux /vmlinuz-gone\nlinux /vmlinuz-6.9 ro\n' };
  const kernels = await readBootKernels(new MemoryFiles({ ...BOOT, ...menu }), '');
  t.same(
    kernels.filter(({ isDefault }) => isDefault).map(({ version }) => version),
    ['6.9'],
  );
  const chosen = {
    '/boot/grub/grub.cfg':
      'set default="$saved_entry"\nmenuentry a {\nlinux /vmlinuz-6.12.1\n}\nmenuentry b {\nlinux /vmlinuz-6.9\n}\n',
    '/boot/grub/grubenv': '# GRUB Environment Block\nsaved_entry=b\n###',
  };
  t.match(await readBootKernels(new MemoryFiles({ ...BOOT, ...chosen }), ''), [
    { isDefault: false },
    { version: '6.9', isDefault: true },
  ]);
  t.same(await readBootKernels(new MemoryFiles(BOOT), '/mnt'), []);
});
