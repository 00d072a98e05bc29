import { crc32 } from '../../core/ledger/crc32.ts';
import { asciiJson } from '../../core/text/ascii-json.ts';
import type { FactSources } from '../machine.ts';
import { runPath } from '../own-places.ts';

const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** Device, inode, size, and the times of the last write and the last change, which no program can set back. */
const IDENTITY = /^\d+:\d+:\d+:\d+\.\d{9}:\d+\.\d{9}$/;

/**
 * The paths in an image, as `list` tells them. To unpack one takes a second or more: what was told is kept until the next boot, and is told
 * again while the image's file is untouched. Whoever may not write there does without.
 */
export async function listingOf(
  { files, runner, paths }: FactSources,
  image: string,
  list: () => Promise<readonly string[] | null>,
): Promise<readonly string[] | null> {
  // Asked before the image is unpacked: what is written to it meanwhile makes another identity.
  const { stdout } = await runner.run(['stat', '-L', '-c', '%d:%i:%s:%.9Y:%.9Z', image]);
  const identity = stdout.trim();
  if (!IDENTITY.test(identity)) return list();
  const folder = runPath(paths, 'image-listings');
  // One for each image, however often it is built anew.
  const path = `${folder}/${crc32(image).toString(16)}.json`;
  const kept = parseKept(await files.readText(path, MAX_KEPT_BYTES), identity);
  if (kept !== null) return kept;
  const listed = await list();
  if (listed === null) return null;
  try {
    await files.makeFolder(folder);
    await files.writeDurably(path, asciiJson({ identity, paths: listed }));
  } catch {
    // It is told anew next time.
  }
  return listed;
}

function parseKept(text: string | null, identity: string): readonly string[] | null {
  try {
    const kept: unknown = JSON.parse(text ?? 'null');
    if (typeof kept !== 'object' || kept === null) return null;
    if (!('identity' in kept) || kept.identity !== identity || !('paths' in kept)) return null;
    const { paths } = kept;
    return Array.isArray(paths) && paths.every((one) => typeof one === 'string') ? paths : null;
  } catch {
    return null;
  }
}
