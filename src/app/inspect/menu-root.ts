import type { MenuRoot } from '../../core/inspect/loader.ts';
import { buildBlockGraph } from '../../core/topology/build-block-graph.ts';
import { findSource } from '../../core/topology/find-source.ts';
import { parseKernelRoot } from '../../core/topology/source-spec.ts';
import { readMenu } from '../image/boot-kernels.ts';
import type { FactSources } from '../machine.ts';
import { askBlkid } from '../watchlist/device-facts.ts';
import { type ResolvedBlock, readLinksOf } from '../watchlist/resolve.ts';

/**
 * Where the entries of GRUB's menu look for root, if none of them means the root that is known. null where one does, or where that cannot be
 * told from the menu. `root` ends without a slash.
 */
export async function readMenuRoot(
  machine: FactSources,
  root: string,
  block: Pick<ResolvedBlock, 'devices' | 'graph' | 'roots'>,
): Promise<MenuRoot | null> {
  const ids = block.roots.find(({ name }) => name === '/')?.ids ?? [];
  const entries = await readMenu(machine.files, root);
  if (ids.length === 0 || entries.length === 0) return null;
  const sources = [...new Set(entries.map((entry) => entry.root ?? ''))];
  const [first = ''] = sources;
  const meant: string[] = [];
  for (const source of sources) {
    const spec = parseKernelRoot(source);
    if (spec.kind !== 'tag' && spec.kind !== 'path') return null;
    const links = await readLinksOf(machine, [spec]);
    let found = findSource(spec, block.graph, links);
    // What udev does not know of yet is there all the same.
    if (!found.ok)
      found = findSource(spec, buildBlockGraph(await askBlkid(machine, block.devices, [])), links);
    if (found.ok) meant.push(...found.value);
  }
  if (meant.some((id) => ids.includes(id))) return null;
  return { kind: meant.length === 0 ? 'gone' : 'other', source: first };
}
