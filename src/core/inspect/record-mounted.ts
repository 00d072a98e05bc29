import { type MountedArrays, parseMountedArrays } from '../configuration/mounted-arrays.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { BlockGraph } from '../topology/block-graph.ts';
import { arraysAmong, reachFrom } from '../topology/reach.ts';
import { deviceTimes, type TimeFacts, unitOf } from './device-times.ts';
import type { Demand } from './mount-demands.ts';

export interface MountedFacts extends TimeFacts {
  readonly demands: readonly Demand[];
  readonly graph: BlockGraph;
  /** Of each array that runs, by kernel name. */
  readonly uuids: ReadonlyMap<string, MdUuid>;
  /** Kernel names of the arrays that the boot image starts. */
  readonly ofRoot: readonly string[];
  /** `unmounted` differs from `degraded`: somebody asks what is mounted. */
  readonly isAsked: boolean;
}

/**
 * What is to be known at the next boot, before anything can be looked at; null where nobody needs to know anything. An array that does
 * not run now cannot be seen below its line: as long as a line leads nowhere, what `before` said of such arrays and of that line counts.
 */
export function recordMounted(facts: MountedFacts, before: string): MountedArrays | null {
  const { demands, graph, uuids, ofRoot } = facts;
  const lost = demands.filter((demand) => demand.lost !== null);
  const former = parseMountedArrays(lost.length === 0 ? '' : before);
  const lostUnits = new Set(lost.map(unitOf));
  const running = new Set(uuids.values());
  const devices = [
    ...deviceTimes(demands, facts),
    ...former.devices.filter(({ unit }) => lostUnits.has(unit)),
  ];
  if (devices.length === 0 && !facts.isAsked) return null;
  const firsts = demands.flatMap(({ ways }) =>
    (ways ?? []).flatMap(({ disks, arrays }) => [...disks, ...arrays]),
  );
  const reached = arraysAmong(reachFrom([...firsts, ...ofRoot], graph).ids, graph);
  return {
    arrays: [
      ...reached.flatMap((device) => uuids.get(device) ?? []),
      ...former.arrays.filter((uuid) => !running.has(uuid)),
    ],
    devices,
  };
}
