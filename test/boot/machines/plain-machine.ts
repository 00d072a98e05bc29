// Machines of whole disks and nothing but arrays, for cases that are written down.
import type { Level, LifeEvent, MachinePlan, MdArray } from './machine-plan.ts';

export const array = (name: string, level: Level, ...members: readonly string[]): MdArray => ({
  ...{ kind: 'md', name, level, metadata: '1.2', members, bitmap: true },
});

/** Root is on the last layer. */
export const plainMachine = (
  diskCount: number,
  layers: readonly MdArray[],
  life: readonly LifeEvent[] = [],
): MachinePlan => ({
  seed: 0,
  disks: Array.from({ length: diskCount }, (_, index) => ({
    name: `disk${index + 1}`,
    partitions: [],
    sizeMiB: 64,
  })),
  layers,
  root: layers.at(-1)?.name ?? '',
  others: [],
  foreign: null,
  life,
});
