import type { CrypttabEntry } from '../parse/crypttab.ts';
import type { BlockGraph, BlockNode } from '../topology/block-graph.ts';
import type { RootFacts } from '../topology/boot-mounts.ts';
import { parseSourceSpec } from '../topology/source-spec.ts';
import type { Grade } from './grade.ts';

/** A mapping that the boot stands on and that no image will open, whenever it was built. */
export type UnlockFinding = { readonly stage: 'image'; readonly grade: Grade } & (
  | { readonly code: 'not-opened'; readonly mapping: string; readonly at: string }
  | {
      readonly code: 'opened-elsewhere';
      readonly mapping: string;
      readonly at: string;
      readonly uuid: string;
    }
);

/**
 * Whether crypttab opens what the boot stands on, where the image opens nothing else (cryptsetup's README.initramfs: mappings by
 * their names in crypttab; `cryptopts=` of the kernel command line in its stead). `needed`: what the boot mounts reach.
 */
export function judgeUnlocks(
  { crypttab, crypttabAt, cmdline }: Pick<RootFacts, 'crypttab' | 'crypttabAt' | 'cmdline'>,
  needed: ReadonlySet<string>,
  graph: BlockGraph,
): readonly UnlockFinding[] {
  if (cmdline.some(({ name }) => name === 'cryptopts')) return [];
  const mappings = [...needed].flatMap((id) => graph.get(id) ?? []).filter(({ kind }) => kind === 'crypt');
  return mappings.flatMap((node): readonly UnlockFinding[] => {
    const entry = crypttab.find(({ target }) => target === node.name);
    // Another program of the image may open it.
    if (entry === undefined)
      return [{ stage: 'image', grade: 'unknown', code: 'not-opened', mapping: node.name, at: crypttabAt }];
    const uuid = strangeUuid(entry, node, graph);
    const at = `${crypttabAt}:${entry.line}`;
    return uuid === null
      ? []
      : [{ stage: 'image', grade: 'stop', code: 'opened-elsewhere', mapping: node.name, at, uuid }];
  });
}

/** That of the line, where what the mapping stands on has another. */
function strangeUuid(entry: CrypttabEntry, { standsOn }: BlockNode, graph: BlockGraph): string | null {
  const spec = parseSourceSpec(entry.source);
  if (spec.kind !== 'tag' || spec.tag !== 'UUID') return null;
  const below = standsOn.map((id) => graph.get(id)?.device?.uuid?.toLowerCase());
  // A header elsewhere leaves the device without one.
  if (below.length === 0 || below.some((uuid) => uuid === undefined)) return null;
  return below.includes(spec.value.toLowerCase()) ? null : spec.value;
}
