import { byNewest, type InstalledKernel } from '../../core/inspect/installed-kernel.ts';
import { type MenuEntry, parseGrubMenu } from '../../core/parse/grub-menu.ts';
import type { Files } from '../../ports/files.ts';

const MAX_MENU_BYTES = 1024 * 1024;

/** A kernel and the name of its image's file; null where it has none. */
export type BootKernel = InstalledKernel & { readonly image: string | null };

/** The kernels below a root, newest first; the menu says which one boots next, else it is the newest. `root` ends without a slash. */
export async function readBootKernels(files: Files, root: string): Promise<readonly BootKernel[]> {
  const names = await files.list(`${root}/boot`);
  const versions = versionsIn(names);
  const entries = await entriesOf(files, root, versions);
  const byDefault = (entries.find(({ isDefault }) => isDefault) ?? entries[0])?.version ?? versions[0];
  return versions.map((version) => ({
    ...{ version, isDefault: version === byDefault },
    image: imageNames(version).find((name) => names.includes(name)) ?? null,
  }));
}

/** The entries of GRUB's menu that start kernels of this root. `root` ends without a slash. */
export async function readMenu(files: Files, root: string): Promise<readonly MenuEntry[]> {
  return entriesOf(files, root, versionsIn(await files.list(`${root}/boot`)));
}

async function entriesOf(
  files: Files,
  root: string,
  versions: readonly string[],
): Promise<readonly (MenuEntry & { readonly version: string })[]> {
  const text = await files.readText(`${root}/boot/grub/grub.cfg`, MAX_MENU_BYTES);
  const environment = await files.readText(`${root}/boot/grub/grubenv`, MAX_MENU_BYTES);
  return parseGrubMenu(text ?? '', environment ?? '')
    .map((entry) => ({ ...entry, version: entry.kernel.replace(/^vmlinu[xz]-/, '') }))
    .filter(({ version }) => versions.includes(version));
}

const versionsIn = (names: readonly string[]): readonly string[] =>
  names.flatMap((name) => /^vmlinu[xz]-(.+)$/.exec(name)?.[1] ?? []).sort(byNewest);

/** As Debian, Fedora and SUSE call an image. */
const imageNames = (version: string): readonly string[] => [
  `initrd.img-${version}`,
  `initramfs-${version}.img`,
  `initrd-${version}`,
];
