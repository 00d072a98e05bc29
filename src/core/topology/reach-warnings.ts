import { escapeForConsole } from '../text/escape-console.ts';
import type { BlockGraph } from './block-graph.ts';
import type { Reach } from './reach.ts';

/** Kinds that end the walk although something is below them. */
const NOT_FOLLOWED: Readonly<Record<string, string>> = {
  loop: 'is a file on a file system that is not followed',
  drbd: 'is a DRBD device, whose disk is not followed',
  rbd: 'is on the network',
  nbd: 'is on the network',
  zd: 'is a ZFS volume, whose devices are not known',
};

/** What a walk could not follow, in words. */
export function warningsOfReach({ ids, loops, unknown }: Reach, graph: BlockGraph): readonly string[] {
  const warnings: string[] = [];
  const name = (id: string) => escapeForConsole(graph.get(id)?.name ?? id);
  for (const { from, to } of loops)
    warnings.push(`${name(from)} stands on ${name(to)}, which stands on ${name(from)}: a loop, cut there`);
  for (const id of unknown) warnings.push(`${name(id)} is needed, but lsblk does not know it`);
  for (const id of ids) {
    const node = graph.get(id);
    if (node === undefined) continue;
    const reason = NOT_FOLLOWED[node.kind];
    if (reason !== undefined) warnings.push(`${name(id)} ${reason}`);
    else if (node.kind === 'unknown')
      warnings.push(`${name(id)} is of an unknown kind; ${followed(node.standsOn)}`);
  }
  return warnings;
}

const followed = (standsOn: readonly string[]): string =>
  standsOn.length === 0 ? 'nothing says what it stands on' : 'what it stands on is followed';
