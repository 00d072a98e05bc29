import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import type { ArrayFacts } from '../../src/core/topology/array-facts.ts';

// Facts of an array of which nothing but its name and UUID counts.

export const uuidOf = (n: number) =>
  `${n.toString(16).padStart(8, '0')}:0:0:0`.replace(/:0/g, ':00000000') as MdUuid;

export const factsOf = (name: string, n: number): ArrayFacts => ({
  device: name,
  detail: {
    uuid: uuidOf(n),
    level: 'raid1',
    metadata: '1.2',
    devices: 2,
    name: null,
    devName: null,
    container: null,
    members: [],
  },
  container: null,
  members: [],
});
