import type { BlockGraph } from './block-graph.ts';

/** Ids in the block graph by device number (`major:minor`): a device has many paths and one number. */
export type DeviceNumbers = ReadonlyMap<string, string>;

export const deviceNumbers = (graph: BlockGraph): DeviceNumbers =>
  new Map(
    [...graph.values()].flatMap(({ id, device }) =>
      device === null || device.majorMinor === null ? [] : [[device.majorMinor, id] as const],
    ),
  );

/**
 * The device that a program calls by a path: told by the number that the path leads to. Where it leads to no node, as in a
 * chroot without the machine's /dev, by lsblk's path or the kernel's own name.
 */
export function deviceAt(
  path: string,
  number: string | null,
  graph: BlockGraph,
  numbers: DeviceNumbers,
): string | null {
  if (number !== null) return numbers.get(number) ?? null;
  const name = path.replace(/^\/dev\//, '').replaceAll('/', '!');
  if (graph.has(name)) return name;
  return [...graph.values()].find(({ device }) => device?.path === path)?.id ?? null;
}
