import { parseCrypttab } from '../../core/parse/crypttab.ts';
import { awaitedPath, isUsable } from '../../core/snapshot/awaited-source.ts';
import type { PresentArray } from '../../core/snapshot/snapshot.ts';
import type { Files } from '../../ports/files.ts';
import type { Machine } from '../machine.ts';

/** What cryptroot unlocks in the image, as its hook of update-initramfs has written it down. */
const IMAGE_CRYPTTAB = '/cryptroot/crypttab';

/**
 * What the boot needs next: before a passphrase the sources of what is unlocked, else root itself. Empty where nobody
 * said what root is.
 */
export async function awaitedSources(
  files: Files,
  stage: 'before-passphrase' | 'all',
  root: string | null,
): Promise<readonly string[]> {
  if (stage === 'before-passphrase') {
    const { entries } = parseCrypttab((await files.readText(IMAGE_CRYPTTAB)) ?? '');
    if (entries.length > 0) return entries.map(({ source }) => source);
  }
  return root === null ? [] : [root];
}

/** Whether all of them can be used now; null where none is awaited, or one shows up where it cannot be seen. */
export async function areThere(
  { files, paths }: Pick<Machine, 'files'> & { readonly paths: Pick<Machine['paths'], 'dev'> },
  sources: readonly string[],
  arrays: readonly PresentArray[],
): Promise<boolean | null> {
  const awaited = sources.map(awaitedPath);
  if (awaited.length === 0 || awaited.includes(null)) return null;
  for (const path of awaited) {
    const real = await files.realPath(`${paths.dev}/${path}`);
    if (real === null || !isUsable(real.slice(real.lastIndexOf('/') + 1), arrays)) return false;
  }
  return true;
}
