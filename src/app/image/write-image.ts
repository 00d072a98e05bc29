import { formatArrayLines } from '../../core/image/array-lines.ts';
import { INITRAMFS_TOOLS } from '../../core/image/generator.ts';
import { imageMdadmConf } from '../../core/image/mdadm-conf.ts';
import { formatWatchlist } from '../../core/watchlist/watchlist-file.ts';
import type { Files } from '../../ports/files.ts';
import { arrayListPath, etcFolder, watchlistPath } from '../own-places.ts';
import type { Resolution } from '../watchlist/resolve.ts';

/** The configuration says strict, and the image cannot have what it should: its build must end. No other failure has this status. */
export const EXIT_STRICT = 3;

/**
 * Puts the watchlist into the tree of a boot image, and what mdadm needs to know the arrays by. Returns the exit status:
 * 0 also where nothing was written, unless `strict` is set, since a failing hook stops kernel upgrades.
 */
export async function writeImage(
  files: Files,
  folder: string,
  { watchlist, configuration }: Resolution,
  say: (line: string) => void,
): Promise<number> {
  const unlessStrict = configuration.options.strict ? EXIT_STRICT : 0;
  if (!watchlist.ok) {
    say(`error: ${watchlist.at}: ${watchlist.why}`);
    say(
      'the image is left as the distribution makes it; "reliable-raid resolve" shows the same on this system',
    );
    return unlessStrict;
  }
  if (watchlist.value.arrays.length === 0) {
    say('no md array is needed to mount /: nothing is added to the image');
    return 0;
  }
  const etc = `${folder}/etc`;
  const mdadmConf = `${folder}/${INITRAMFS_TOOLS.mdadmConf}`;
  const conf = imageMdadmConf((await files.readText(mdadmConf)) ?? '', watchlist.value);
  for (const warning of conf.warnings) say(`warning: ${warning}`);
  try {
    await files.makeFolder(etcFolder({ etc }));
    await files.makeFolder(mdadmConf.slice(0, mdadmConf.lastIndexOf('/')));
    await files.writeDurably(mdadmConf, conf.text);
    await files.writeDurably(watchlistPath({ etc }), formatWatchlist(watchlist.value));
    // Last: without it the hook takes out again whatever is ours.
    await files.writeDurably(arrayListPath({ etc }), formatArrayLines(watchlist.value));
  } catch (error) {
    say(`error: ${folder}: ${error instanceof Error ? error.message : String(error)}`);
    return unlessStrict;
  }
  return 0;
}
