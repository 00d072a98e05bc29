import { failure, ok, type Result } from '../result/result.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import type { BlockGraph } from './block-graph.ts';
import type { ByIdNames } from './disk-identity.ts';
import { needOf } from './need.ts';

/**
 * Kernel names of the disk that a person means by a kernel name, a path, a partition or mapping on it, a name under
 * /dev/disk/by-id or its serial number. More than one only for a disk that is reached on several paths.
 */
export function findDisk(text: string, graph: BlockGraph, byIdNames: ByIdNames): Result<readonly string[]> {
  const shown = escapeForConsole(text);
  const nodes = named(text, graph, byIdNames);
  if (nodes.length === 0) return failure(shown, 'no block device of this machine matches it');
  const { disks, arrays } = needOf(nodes, graph);
  if (arrays.size > 0) {
    const below = [
      ...needOf(
        [...arrays].flatMap((id) => graph.get(id)?.standsOn ?? []),
        graph,
      ).disks,
    ];
    const on =
      below.length === 0
        ? ''
        : `, on ${below
            .sort()
            .map((disk) => escapeForConsole(disk))
            .join(', ')}`;
    return failure(
      shown,
      `is not a disk: ${[...arrays].map((id) => escapeForConsole(id)).join(', ')} is an array${on}`,
    );
  }
  const [first] = disks;
  if (first === undefined) return failure(shown, 'does not stand on a disk');
  const paths = pathsOf(first, graph);
  const others = [...disks].filter((disk) => !paths.includes(disk));
  if (others.length === 0) return ok(paths);
  const all = [...disks].sort().map((disk) => escapeForConsole(disk));
  return failure(shown, `is on several disks: ${all.join(', ')}`);
}

function named(text: string, graph: BlockGraph, byIdNames: ByIdNames): readonly string[] {
  const name = text.replace(/^\/dev\/(disk\/by-id\/|mapper\/)?/, '');
  const id = name.replaceAll('/', '!');
  if (graph.has(id)) return [id];
  const byId = [...byIdNames].find(([, names]) => names.includes(name));
  if (byId !== undefined) return [byId[0]];
  const nodes = [...graph.values()];
  const byName = nodes.filter((node) => node.name === name || node.device?.path === text);
  if (byName.length > 0) return byName.map(({ id }) => id);
  return nodes
    .filter(({ device }) => device?.serial?.toLowerCase() === text.toLowerCase())
    .map(({ id }) => id);
}

/** A disk under a multipath device goes with all its paths. */
function pathsOf(disk: string, graph: BlockGraph): readonly string[] {
  for (const { id, kind } of graph.values()) {
    if (kind !== 'multipath') continue;
    const { disks } = needOf([id], graph);
    if (disks.has(disk)) return [...disks].sort();
  }
  return [disk];
}
