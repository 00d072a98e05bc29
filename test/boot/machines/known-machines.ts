// Machines that once failed, each shrunk: what they showed is mended, and stays so.
import type { MachinePlan, MdArray } from './machine-plan.ts';
import { array, plainMachine } from './plain-machine.ts';

export interface KnownMachine {
  /** Out of the reach of `--count`. */
  readonly seed: number;
  readonly showed: string;
  readonly plan: MachinePlan;
}

const mirror = (name: string, ...members: readonly string[]) => array(name, 'raid1', ...members);

const known = (
  seed: number,
  showed: string,
  diskCount: number,
  layers: readonly MdArray[],
  life: MachinePlan['life'],
): KnownMachine => ({ seed, showed, plan: { ...plainMachine(diskCount, layers, life), seed } });

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
