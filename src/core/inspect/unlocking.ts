import type { CrypttabEntry } from '../parse/crypttab.ts';
import type { KernelParameter } from '../parse/kernel-cmdline.ts';
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
  | { readonly code: 'not-named'; readonly mapping: string; readonly uuid: string }
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
  return mappingsOf(needed, graph).flatMap((node): readonly UnlockFinding[] => {
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

/**
 * Whether the kernel command line names what the boot stands on, where it names LUKS devices at all: an image of dracut then opens no other
 * (dracut.cmdline(7), systemd-cryptsetup-generator(8): `rd.luks.uuid=`, of which the beginning is enough). The image may name some itself.
 */
export function judgeNamed(
  cmdline: readonly KernelParameter[],
  needed: ReadonlySet<string>,
  graph: BlockGraph,
): readonly UnlockFinding[] {
  if (cmdline.some(({ name }) => NAMED_OTHERWISE.test(name))) return [];
  const named = cmdline.flatMap(({ name, value }) =>
    NAMED_BY_UUID.test(name) && value !== null ? [uuidOfArgument(value)] : [],
  );
  if (named.length === 0) return [];
  return mappingsOf(needed, graph).flatMap(({ name, standsOn }): readonly UnlockFinding[] => {
    const below = standsOn.flatMap((id) => graph.get(id)?.device?.uuid?.toLowerCase() ?? []);
    const [uuid] = below;
    if (uuid === undefined || below.some((one) => named.some((given) => one.startsWith(given)))) return [];
    return [{ stage: 'image', grade: 'unknown', code: 'not-named', mapping: name, uuid }];
  });
}

const NAMED_BY_UUID = /^(?:(?:rd\.)?luks\.(?:uuid|name)|rd_LUKS_UUID)$/;
const NAMED_OTHERWISE = /^rd\.luks\.(?:partuuid|serial)$/;

const uuidOfArgument = (value: string): string =>
  value
    .toLowerCase()
    .replace(/^keysource:/, '')
    .replace(/^luks-/, '')
    .replace(/=.*$/s, '');

const mappingsOf = (needed: ReadonlySet<string>, graph: BlockGraph): readonly BlockNode[] =>
  [...needed].flatMap((id) => graph.get(id) ?? []).filter(({ kind }) => kind === 'crypt');

/** That of the line, where what the mapping stands on has another. */
function strangeUuid(entry: CrypttabEntry, { standsOn }: BlockNode, graph: BlockGraph): string | null {
  const spec = parseSourceSpec(entry.source);
  if (spec.kind !== 'tag' || spec.tag !== 'UUID') return null;
  const below = standsOn.map((id) => graph.get(id)?.device?.uuid?.toLowerCase());
  // A header elsewhere leaves the device without one.
  if (below.length === 0 || below.some((uuid) => uuid === undefined)) return null;
  return below.includes(spec.value.toLowerCase()) ? null : spec.value;
}
