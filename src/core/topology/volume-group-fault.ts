import type { PhysicalVolume } from '../parse/lvm-pvs.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import type { BlockGraph } from './block-graph.ts';
import { volumeGroupId } from './dm-kind.ts';

/**
 * Why it is not known what the needed logical volumes stand on, or null: their groups are activated only when they are whole,
 * and a physical volume that LVM does not find may lie on an array that is stopped.
 */
export function volumeGroupFault(
  needed: Iterable<string>,
  graph: BlockGraph,
  volumes: readonly PhysicalVolume[],
): string | null {
  const known = new Set([...graph.values()].map(({ device }) => device?.majorMinor ?? ''));
  const groups = new Map<string, string>();
  for (const id of needed) {
    const node = graph.get(id);
    const group = volumeGroupId(node?.dmUuid ?? '');
    if (group !== null && !groups.has(group)) groups.set(group, node?.name ?? id);
  }
  for (const [group, volume] of groups) {
    const own = volumes.filter(({ groupId }) => groupId === group);
    const [first] = own;
    if (first === undefined)
      return `pvs reports nothing about the volume group of ${escapeForConsole(volume)}, which is needed`;
    const found = own.filter(({ majorMinor }) => majorMinor !== null && known.has(majorMinor));
    const size = Math.max(first.groupSize, own.length);
    if (found.length === size) continue;
    const missing = own.filter((one) => !found.includes(one)).map(({ uuid }) => escapeForConsole(uuid));
    const which = missing.length === 0 ? '' : ` (missing: PV ${missing.join(', ')})`;
    return (
      `only ${found.length} of the ${size} physical volumes of volume group ${escapeForConsole(first.groupName)} ` +
      `are found${which}; start the array that they lie on, or see pvs`
    );
  }
  return null;
}
