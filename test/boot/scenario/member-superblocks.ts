// The md superblocks on the first partition of each disk, read from outside, to compare before with after.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Guest } from '../guest/guest.ts';
import { mustRun, runCommand } from '../guest/host-command.ts';
import { diskFormat, diskPath } from '../vm/disk-path.ts';
import type { Lane } from '../vm/machine.ts';

const block = 4096;
/** The first partition starts at 1 MiB, a superblock of version 1.2 one block into it. */
const place = 1024 ** 2 / block + 1;

/** By disk, as they are now. */
export async function memberSuperblocks(
  guest: Guest,
  folder: string,
  lane: Lane,
): Promise<Readonly<Record<string, Buffer>>> {
  const found: Record<string, Buffer> = {};
  for (const [disk, base] of Object.entries(guest.disks)) {
    const overlay = diskPath(folder, disk, lane);
    const [file, format] = existsSync(overlay) ? [overlay, diskFormat[lane]] : [base, 'raw'];
    found[disk] = await readBlock(file, format, join(folder, 'block'));
  }
  return found;
}

export async function changedSuperblocks(
  before: Readonly<Record<string, Buffer>>,
  guest: Guest,
  folder: string,
  lane: Lane,
): Promise<string[]> {
  const after = await memberSuperblocks(guest, folder, lane);
  return Object.keys(after).filter((disk) => before[disk]?.equals(after[disk] ?? Buffer.alloc(0)) !== true);
}

/** Disks that differ in any byte from what they were before the boot. */
export async function changedDisks(guest: Guest, folder: string, lane: Lane): Promise<string[]> {
  const changed: string[] = [];
  for (const [disk, base] of Object.entries(guest.disks)) {
    const overlay = diskPath(folder, disk, lane);
    if (!existsSync(overlay)) continue;
    const { code, stderr } = await runCommand([
      'qemu-img',
      'compare',
      '-f',
      'raw',
      '-F',
      diskFormat[lane],
      base,
      overlay,
    ]);
    if (code > 1) throw new Error(`qemu-img compare ${base} ${overlay}: ${stderr}`);
    if (code === 1) changed.push(disk);
  }
  return changed;
}

async function readBlock(file: string, format: string, copy: string): Promise<Buffer> {
  const where = [`bs=${block}`, `skip=${place}`, `count=${place + 1}`];
  await mustRun(['qemu-img', 'dd', '-f', format, '-O', 'raw', ...where, `if=${file}`, `of=${copy}`]);
  const content = readFileSync(copy).subarray(0, block);
  rmSync(copy);
  return content;
}
