import { bootOptions } from '../../core/configuration/boot-options.ts';
import { formatArrayLines } from '../../core/image/array-lines.ts';
import { warningsOfEarlyEnds } from '../../core/image/early-end.ts';
import { type Generator, INITRAMFS_TOOLS } from '../../core/image/generator.ts';
import { imageWatchlist } from '../../core/image/image-watchlist.ts';
import { imageMdadmConf } from '../../core/image/mdadm-conf.ts';
import { narrowedFiles } from '../../core/image/narrowed-files.ts';
import { mappingsBelow } from '../../core/watchlist/unlocks.ts';
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

/**
 * Puts the watchlist into the tree of a boot image, and what mdadm needs to know the arrays by; `policies` is for the gate, of arrays that are
 * not listed.
 */
export async function writeImage(
  { files }: Pick<Machine, 'files'>,
  folder: string,
  resolution: Pick<Resolution, 'watchlist' | 'needsUnlisted' | 'block'>,
  generator: Generator = INITRAMFS_TOOLS,
  policies = '',
): Promise<ImageFindings> {
  const { watchlist, needsUnlisted } = resolution;
  if (!watchlist.ok) return { kind: 'unresolved', at: watchlist.at, why: watchlist.why };
  if (watchlist.value.arrays.length === 0) return { kind: 'no-array' };
  const etc = `${folder}/etc`;
  const mdadmConf = `${folder}/${generator.mdadmConf}`;
  const conf = imageMdadmConf((await files.readText(mdadmConf)) ?? '', watchlist.value);
  const warnings = [...conf.warnings, ...(await earlyEndWarnings(files, folder, resolution, generator))];
  try {
    await files.makeFolder(etcFolder({ etc }));
    await files.makeFolder(folderOf(mdadmConf));
    await files.writeDurably(mdadmConf, conf.text);
    const list = formatWatchlist(imageWatchlist(watchlist.value, generator, policies));
    await files.writeDurably(etcPath({ etc }, 'watchlist.json'), list);
    if (policies !== '') await files.writeDurably(etcPath({ etc }, 'policies'), policies);
    for (const [path, text] of narrowedFiles(generator.narrowed, watchlist.value))
      await files.writeDurably(`${folder}/${path}`, text);
    if (needsUnlisted) await files.writeDurably(etcPath({ etc }, 'needs-unlisted'), '');
    // Last: without it the hook takes out again whatever is ours.
    await files.writeDurably(etcPath({ etc }, 'arrays'), formatArrayLines(watchlist.value));
  } catch (error) {
    return { kind: 'failed', why: messageOf(error), warnings };
  }
  return { kind: 'written', warnings };
}

/** Settings of this machine or of the image that would end a boot while the engine still waits. */
async function earlyEndWarnings(
  files: Machine['files'],
  folder: string,
  { watchlist, block }: Pick<Resolution, 'watchlist' | 'block'>,
  generator: Generator,
): Promise<readonly string[]> {
  if (!watchlist.ok) return [];
  const { cmdline = [], crypttab = [], crypttabAt = '' } = block?.facts ?? {};
  const opened = mappingsBelow(watchlist.value.tree);
  const ends = generator.earlyEnds({
    ...{ cmdline, crypttabAt, dropIns: await readDropIns(files, folder) },
    crypttab: crypttab.filter((entry) => opened.has(entry.target)),
  });
  const { waitMs } = bootOptions(cmdline, watchlist.value.settings);
  return warningsOfEarlyEnds(ends, watchlist.value, waitMs);
}

/** Of devices, and of the target that waits for root's. */
async function readDropIns(files: Machine['files'], folder: string) {
  const found: { path: string; text: string }[] = [];
  for (const units of ['etc/systemd/system', 'usr/lib/systemd/system'])
    for (const name of (await files.list(`${folder}/${units}`)).filter((one) => DROP_INS.test(one)))
      for (const file of await files.list(`${folder}/${units}/${name}`)) {
        const path = `${units}/${name}/${file}`;
        const text = file.endsWith('.conf') ? await files.readText(`${folder}/${path}`) : null;
        if (text !== null) found.push({ path, text });
      }
  return found;
}

const DROP_INS = /^(?:.+\.device|device|initrd-root-device\.target)\.d$/;

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
