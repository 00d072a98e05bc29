// A whole image is dear to make, and most of it is the same on every machine: one is made, and gets what is of each.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileEntry, readImage, writtenImage } from '../guest/boot-image.ts';
import { mustRun } from '../guest/host-command.ts';
import { isOfDracut } from '../guest/platforms.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { HarnessFault } from '../scenario/harness-fault.ts';

/**
 * The image with what is of one machine in the place of another's.
 * @param from A folder with `image-parts.tar`, and `image-parts`, the names of the files in it.
 */
export async function imageWithOwnParts(
  template: string,
  from: string,
  target: string,
  suite: string,
): Promise<void> {
  const parts = scratchFolder('image-parts');
  mkdirSync(parts, { recursive: true });
  await mustRun(['tar', '-C', parts, '-xf', join(from, 'image-parts.tar')]);
  const names = readFileSync(join(from, 'image-parts'), 'utf8').trim().split('\n');
  const own = isOfDracut(suite)
    ? /^etc\/(reliable-raid\/|mdadm\.conf$|crypttab$|keys\/)/
    : /^(etc\/reliable-raid\/|etc\/mdadm\/mdadm\.conf$|cryptroot\/(crypttab$|keyfiles\/))/;
  const kept = readImage(readFileSync(template)).filter(({ name }) => !own.test(name));
  const added = names
    .map((name) => name.replace(/^\.\//, ''))
    .map((name) => fileEntry(name, readFileSync(join(parts, name)), 0o600));
  if (!added.some(({ name }) => name === 'etc/reliable-raid/watchlist.json'))
    throw new HarnessFault(`the machine has no watchlist: ${names.join(' ')}`);
  writeFileSync(target, writtenImage([...kept, ...added]));
  rmSync(parts, { recursive: true });
}
