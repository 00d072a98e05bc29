import { type Hindrance, hasRoom } from '../../core/inspect/image-update.ts';
import { freeBytes } from '../../core/parse/df-portable.ts';
import { lockedInodes } from '../../core/parse/proc-locks.ts';
import type { FactSources } from '../machine.ts';

const MEASURE_MS = 10_000;

/** Locks of dpkg, apt and rpm, below /var/lib. */
const LOCKS = ['dpkg/lock-frontend', 'dpkg/lock', 'apt/lists/lock', 'rpm/.rpm.lock'];

/** Programs that build images, by their names as the kernel cuts them. */
const BUILDERS = new Set(['update-initramfs', 'mkinitramfs', 'dracut'].map((name) => name.slice(0, 15)));

/** Why no image can be built now in the place of that one; null where nothing speaks against it. What cannot be told does. */
export async function readHindrance(
  machine: FactSources,
  image: string,
  isCopied: boolean,
): Promise<Hindrance | null> {
  if (await isLocked(machine)) return 'package-manager';
  if (await isBuilding(machine)) return 'generator';
  const size = await measure(machine, ['stat', '-L', '-c', '%s', `/boot/${image}`]);
  const free = await measure(machine, ['df', '-P', '-k', '/boot']);
  const imageBytes = /^\d+\n?$/.test(size) ? Number(size) : null;
  const roomBytes = freeBytes(free);
  if (imageBytes === null || roomBytes === null || !hasRoom(imageBytes, isCopied, roomBytes))
    return 'no-room';
  return null;
}

/** A package manager or a generator is at work: what is in /boot may be half of it. */
export const isImageInWork = async (machine: FactSources): Promise<boolean> =>
  (await isLocked(machine)) || (await isBuilding(machine));

async function isLocked(machine: FactSources): Promise<boolean> {
  const { files, paths } = machine;
  const held = lockedInodes((await files.readText(`${paths.proc}/locks`)) ?? '');
  const all = LOCKS.map((name) => `${paths.varLib}/${name}`);
  const present: string[] = [];
  for (const path of all) if (await files.exists(path)) present.push(path);
  if (present.length === 0 || held.size === 0) return false;
  const inodes = await measure(machine, ['stat', '-L', '-c', '%i', ...present]);
  return inodes.split('\n').some((line) => line !== '' && held.has(Number(line)));
}

async function isBuilding({ files, paths }: FactSources): Promise<boolean> {
  for (const name of await files.list(paths.proc)) {
    if (!/^\d+$/.test(name)) continue;
    const program = await files.readText(`${paths.proc}/${name}/comm`);
    if (program !== null && BUILDERS.has(program.trim())) return true;
  }
  return false;
}

async function measure({ runner }: FactSources, argv: readonly [string, ...string[]]): Promise<string> {
  const { status, stdout } = await runner.run(argv, { timeoutMs: MEASURE_MS });
  return status === 0 ? stdout : '';
}
