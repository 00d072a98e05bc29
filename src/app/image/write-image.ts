import { formatArrayArguments } from '../../core/image/array-arguments.ts';
import { formatArrayLines } from '../../core/image/array-lines.ts';
import { type Generator, INITRAMFS_TOOLS } from '../../core/image/generator.ts';
import { imageMdadmConf } from '../../core/image/mdadm-conf.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../core/watchlist/watchlist-file.ts';
import type { Machine } from '../machine.ts';
import { etcFolder, etcPath } from '../own-places.ts';
import type { Resolution } from '../watchlist/resolve.ts';
import { messageOf } from '../why-it-failed.ts';

export type ImageFindings =
  | { readonly kind: 'written'; readonly warnings: readonly string[] }
  /** Nothing was written: root needs no array. */
  | { readonly kind: 'no-array' }
  /** Nothing was written: it is not known which arrays root needs. */
  | { readonly kind: 'unresolved'; readonly at: string; readonly why: string }
  /** Not all of it could be written. */
  | { readonly kind: 'failed'; readonly why: string; readonly warnings: readonly string[] };

/** Puts the watchlist into the tree of a boot image, and what mdadm needs to know the arrays by. */
export async function writeImage(
  { files }: Pick<Machine, 'files'>,
  folder: string,
  { watchlist, needsUnlisted }: Pick<Resolution, 'watchlist' | 'needsUnlisted'>,
  generator: Generator = INITRAMFS_TOOLS,
): Promise<ImageFindings> {
  if (!watchlist.ok) return { kind: 'unresolved', at: watchlist.at, why: watchlist.why };
  if (watchlist.value.arrays.length === 0) return { kind: 'no-array' };
  const etc = `${folder}/etc`;
  const mdadmConf = `${folder}/${generator.mdadmConf}`;
  const conf = imageMdadmConf((await files.readText(mdadmConf)) ?? '', watchlist.value);
  const { warnings } = conf;
  try {
    await files.makeFolder(etcFolder({ etc }));
    await files.makeFolder(folderOf(mdadmConf));
    await files.writeDurably(mdadmConf, conf.text);
    const madeBy = generator === INITRAMFS_TOOLS ? {} : { rebuild: generator.rebuild };
    const list = formatWatchlist({ ...watchlist.value, ...madeBy });
    await files.writeDurably(etcPath({ etc }, 'watchlist.json'), list);
    if (generator.arrayArguments !== null)
      await writeArguments(files, `${folder}/${generator.arrayArguments}`, watchlist.value);
    if (needsUnlisted) await files.writeDurably(etcPath({ etc }, 'needs-unlisted'), '');
    // Last: without it the hook takes out again whatever is ours.
    await files.writeDurably(etcPath({ etc }, 'arrays'), formatArrayLines(watchlist.value));
  } catch (error) {
    return { kind: 'failed', why: messageOf(error), warnings };
  }
  return { kind: 'written', warnings };
}

async function writeArguments(files: Machine['files'], path: string, watchlist: Watchlist): Promise<void> {
  await files.makeFolder(folderOf(path));
  await files.writeDurably(path, formatArrayArguments(watchlist));
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
