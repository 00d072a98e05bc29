import type { DependencyNode } from '../watchlist/watchlist.ts';
import type { BlockGraph, BlockNode } from './block-graph.ts';
import type { TreeRoot } from './find-roots.ts';

/** File formats limit the depth of a tree; deeper ones end in a node that says so. */
const MAX_DEPTH = 60;

/** What an array is called in the tree, and its UUID. */
type ArrayLabels = ReadonlyMap<string, { readonly label: string; readonly uuid: string }>;

/**
 * The tree of one boot mount. What is reached on several ways is spelled out once, at the first; later it is a node
 * without children, so that the tree is no larger than the graph.
 */
export function dependencyTree(root: TreeRoot, graph: BlockGraph, arrays: ArrayLabels): DependencyNode {
  const spelledOut = new Set<string>();
  const build = (id: string, depth: number): DependencyNode => {
    const node = graph.get(id);
    if (node === undefined) return leaf('unknown', `${id} (not known to lsblk)`);
    const first = !spelledOut.has(id);
    spelledOut.add(id);
    const below = first ? node.standsOn : [];
    const children =
      depth < MAX_DEPTH
        ? below.map((next) => build(next, depth + 1))
        : below.length > 0
          ? [leaf('unknown', 'deeper')]
          : [];
    return { kind: node.kind, ...labelOf(node, arrays), children };
  };
  const lost = root.lost.map((why) => leaf('unknown', why));
  const [firstId = ''] = root.ids;
  return {
    kind: 'mount',
    label: root.name,
    uuid: graph.get(firstId)?.device?.uuid ?? (firstId.startsWith('btrfs:') ? firstId.slice(6) : null),
    children: [...root.ids.map((id) => build(id, 2)), ...lost],
  };
}

const leaf = (kind: string, label: string): DependencyNode => ({ kind, label, uuid: null, children: [] });

function labelOf(node: BlockNode, arrays: ArrayLabels): { label: string; uuid: string | null } {
  const { id, kind, name, device, dmUuid } = node;
  const array = arrays.get(id);
  if (array) return array;
  if (kind === 'crypt') return { label: name, uuid: luksUuid(dmUuid ?? '') };
  if (kind === 'lvm' || kind === 'thin') return { label: volumeName(name), uuid: dmUuid };
  if (kind === 'volume-group') return { label: `${name} (whole group)`, uuid: id.slice(3) };
  if (kind === 'btrfs') return { label: 'btrfs', uuid: name };
  if (kind === 'partition') return { label: name, uuid: device?.partUuid ?? dmUuid };
  if (kind === 'disk') return { label: diskLabel(node), uuid: null };
  return { label: name, uuid: dmUuid === '' ? null : dmUuid };
}

/** `CRYPT-LUKS2-<32 hex digits>-name`. */
function luksUuid(dmUuid: string): string | null {
  const match = /^CRYPT-LUKS\d-([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})-/.exec(
    dmUuid,
  );
  return match ? match.slice(1).join('-') : null;
}

/** Device-mapper joins group and volume by a dash, and doubles the dashes inside their names. */
function volumeName(dmName: string): string {
  const [, group, volume] = /^((?:[^-]|--)+)-(?!-)(.+)$/.exec(dmName) ?? [];
  if (group === undefined || volume === undefined) return dmName;
  return `${group.replaceAll('--', '-')}/${volume.replaceAll('--', '-')}`;
}

function diskLabel({ name, device }: BlockNode): string {
  const serial = device?.serial ? `(serial ${device.serial})` : '';
  return [name, device?.model ?? '', serial].filter((word) => word !== '').join(' ');
}
