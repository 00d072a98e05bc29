// Machines that once failed, each shrunk: what they showed is mended, and stays so.
import type { MachinePlan, MdArray } from './machine-plan.ts';

export interface KnownMachine {
  /** Out of the reach of `--count`. */
  readonly seed: number;
  readonly showed: string;
  readonly plan: MachinePlan;
}

const mirror = (name: string, ...members: readonly string[]): MdArray => ({
  ...{ kind: 'md', name, level: 'raid1', metadata: '1.2', members, bitmap: true },
});

const known = (
  seed: number,
  showed: string,
  disks: number,
  layers: readonly MdArray[],
  life: MachinePlan['life'],
): KnownMachine => ({
  seed,
  showed,
  plan: {
    seed,
    disks: Array.from({ length: disks }, (_, index) => ({
      name: `disk${index + 1}`,
      partitions: [],
      sizeMiB: 64,
    })),
    layers,
    root: layers.at(-1)?.name ?? '',
    others: [],
    foreign: null,
    life,
  },
});

const boot = (...absent: readonly string[]) => ({ kind: 'boot', absent, late: [], gone: [] }) as const;

export const knownMachines: readonly KnownMachine[] = [
  known(
    1_000_001,
    'without EFI variables the boot starts an old copy alone, and explain foretold a question',
    3,
    [{ ...mirror('md0', 'disk1', 'disk2', 'disk3'), bitmap: false }],
    [{ kind: 'ran', company: ['disk1', 'disk2'], cut: false }, boot(), boot('disk1', 'disk2')],
  ),
  known(
    1_000_002,
    'members that are arrays were looked up by the name that mdadm prints: explain said nothing of md on md',
    3,
    [mirror('md0', 'disk1', 'disk2'), mirror('md1', 'md0', 'disk3')],
    [boot(), boot('disk3')],
  ),
];
