import { imageMdadmConf } from '../../core/image/mdadm-conf.ts';
import { formatArrayLines, formatWatchlist } from '../../core/watchlist/watchlist-file.ts';
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
  { watchlist, configuration }: Resolution,
): Promise<ImageFindings> {
  if (!watchlist.ok) return { kind: 'unresolved', at: watchlist.at, why: watchlist.why };
  if (watchlist.value.arrays.length === 0) return { kind: 'no-array' };
  const etc = `${folder}/etc`;
  const mdadmConf = `${etc}/mdadm/mdadm.conf`;
  const conf = imageMdadmConf((await files.readText(mdadmConf)) ?? '', watchlist.value);
  const { warnings } = conf;
  try {
    await files.makeFolder(etcFolder({ etc }));
    await files.makeFolder(`${etc}/mdadm`);
    await files.writeDurably(mdadmConf, conf.text);
    await files.writeDurably(etcPath({ etc }, 'watchlist.json'), formatWatchlist(watchlist.value));
    // For the hook, which reads it and takes it out of the image again.
    await files.writeDurably(etcPath({ etc }, 'engine'), `${configuration.options.image_engine}\n`);
    // Last: without it the hook takes out again whatever is ours.
    await files.writeDurably(etcPath({ etc }, 'arrays'), formatArrayLines(watchlist.value));
  } catch (error) {
    return { kind: 'failed', why: messageOf(error), warnings };
  }
  return { kind: 'written', warnings };
}
