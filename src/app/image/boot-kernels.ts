import { byNewest, type InstalledKernel } from '../../core/inspect/installed-kernel.ts';
import { parseGrubMenu } from '../../core/parse/grub-menu.ts';
import type { Files } from '../../ports/files.ts';

const MAX_MENU_BYTES = 1024 * 1024;

/** A kernel and the name of its image's file; null where it has none. */
export type BootKernel = InstalledKernel & { readonly image: string | null };

/** The kernels below a root, newest first; the menu says which one boots, else it is the newest. `root` ends without a slash. */
export async function readBootKernels(files: Files, root: string): Promise<readonly BootKernel[]> {
  const names = await files.list(`${root}/boot`);
  const versions = names.flatMap((name) => /^vmlinu[xz]-(.+)$/.exec(name)?.[1] ?? []).sort(byNewest);
  const menu = parseGrubMenu((await files.readText(`${root}/boot/grub/grub.cfg`, MAX_MENU_BYTES)) ?? '');
  const first = menu
    .map(({ kernel }) => kernel.replace(/^vmlinu[xz]-/, ''))
    .find((one) => versions.includes(one));
  const byDefault = first ?? versions[0];
  return versions.map((version) => ({
    ...{ version, isDefault: version === byDefault },
    image: imageNames(version).find((name) => names.includes(name)) ?? null,
  }));
}

/** As Debian, Fedora and SUSE call an image. */
const imageNames = (version: string): readonly string[] => [
  `initrd.img-${version}`,
  `initramfs-${version}.img`,
  `initrd-${version}`,
];
