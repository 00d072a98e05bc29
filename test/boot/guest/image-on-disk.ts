// The boot image that a machine has built for itself: what a boot loader would find on its disks, which stay as they are.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Layout } from './layout.ts';
import { layoutScript } from './layout-script.ts';
import { runUnderUml } from './uml.ts';

const inUml = (name: string): string => readFileSync(new URL(`./in-uml/${name}`, import.meta.url), 'utf8');

const script = `. /run/job/prepare
. /run/job/layout
. /run/job/common
hostname guest
open_disks
mount_target
cp "/target/boot/initrd.img-$(ls /target/lib/modules)" out/initrd
unmount_target
close_disks`;

/** `disks`: raw files by the layout's names. The image's path, below `folder`. */
export async function imageOnDisk(
  layout: Layout,
  suite: string,
  disks: Readonly<Record<string, string>>,
  folder: string,
): Promise<string> {
  const out = join(folder, 'image-on-disk');
  mkdirSync(out, { recursive: true });
  const changes = Object.keys(disks).map((name) => join(out, `${name}.changes`));
  const { code, stderr } = await runUnderUml({
    script,
    suite,
    ...(layout.packages === undefined ? {} : { packages: layout.packages }),
    files: {
      layout: layoutScript(layout),
      common: inUml('common'),
      'mend-superblock': inUml('mend-superblock'),
    },
    disks: Object.values(disks).map((path, index) => ({ path, changes: changes[index] ?? '' })),
    outFolder: out,
  });
  for (const path of changes) rmSync(path, { force: true });
  if (code !== 0) throw new Error(`the image on the disks could not be read: ${stderr.slice(-600)}`);
  return join(out, 'initrd');
}
