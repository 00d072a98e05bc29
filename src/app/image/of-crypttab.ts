import type { Generator } from '../../core/image/generator.ts';
import { ok } from '../../core/result/result.ts';
import type { Machine } from '../machine.ts';
import type { Resolution } from '../watchlist/resolve.ts';

/**
 * What a list for this image says of crypttab: nothing where the image has none, as one of dracut's for no machine in particular, which
 * does not get older when crypttab changes. `folder`: of the image's tree.
 */
export async function ofCrypttab(
  { files }: Pick<Machine, 'files'>,
  folder: string,
  resolution: Resolution,
  { opensByCrypttab }: Pick<Generator, 'opensByCrypttab'>,
): Promise<Resolution> {
  const { watchlist } = resolution;
  if (!watchlist.ok || opensByCrypttab || (await files.exists(`${folder}/etc/crypttab`))) return resolution;
  const { unlocks: _unknown, ...list } = watchlist.value;
  return { ...resolution, watchlist: ok(list) };
}
