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
  known(
    1_000_003,
    'a mirror that has grown to three says "1 of 2 members", and a half rebuilt third is waited for',
    3,
    [mirror('md0', 'disk1', 'disk2')],
    [{ kind: 'grown', array: 'md0', by: 'disk3', cut: true }, boot(), boot('disk1')],
  ),
  known(
    1_000_004,
    'a raid5 that has grown since the image was made, its power cut at the end of the reshape, and then lacks a disk',
    4,
    [array('md0', 'raid5', 'disk1', 'disk2', 'disk3')],
    [{ kind: 'grown', array: 'md0', by: 'disk4', cut: true }, boot(), boot('disk2')],
  ),
  {
    seed: 1_000_005,
    showed:
      'members that mdadm calls by names under /dev/md, or by links that are shorter than their names, are not found',
    plan: {
      ...plainMachine(
        4,
        [
          mirror('md0', 'disk1', 'disk2'),
          mirror('md1', 'disk3', 'disk4'),
          array('md2', 'raid0', 'md0', 'md1'),
        ],
        [boot(), boot('disk1', 'disk4')],
      ),
      seed: 1_000_005,
      names: { words: true, shortLinks: true },
    },
  },
  {
    seed: 1_000_006,
    showed: "root's group has grown onto an array that the list does not know, and nothing of ours starts it",
    plan: {
      ...plainMachine(
        4,
        [mirror('md0', 'disk1', 'disk2'), mirror('md7', 'disk3', 'disk4')],
        [boot(), boot('disk3')],
      ),
      seed: 1_000_006,
      layers: [
        mirror('md0', 'disk1', 'disk2'),
        mirror('md7', 'disk3', 'disk4'),
        { kind: 'lvm', name: 'vg0', on: ['md0', 'md7'], later: ['md7'], thin: false },
      ],
      root: 'mapper/vg0-root',
    },
  },
  {
    seed: 1_000_007,
    showed: 'the array with the key of root is not started, and cryptsetup waits for ever',
    plan: {
      ...plainMachine(4, [], [boot(), boot('disk1', 'disk3')]),
      seed: 1_000_007,
      layers: [
        mirror('md6', 'disk3', 'disk4'),
        mirror('md0', 'disk1', 'disk2'),
        { kind: 'luks', name: 'crypt0', on: 'md0', key: 'md6' },
      ],
      root: 'mapper/crypt0',
    },
  },
  known(
    1_000_008,
    "the list was made while an array in root's array did not run: nothing starts that one, and root has too few members",
    4,
    [mirror('md0', 'disk1', 'disk2'), array('md1', 'raid5', 'md0', 'disk3', 'disk4')],
    [{ kind: 'ran', company: ['disk3', 'disk4'], cut: false, image: true }, boot(), boot('disk1', 'disk3')],
  ),
  known(
    1_000_009,
    'mdadm says that a dirty raid4 without its parity can start, and the kernel says it cannot',
    3,
    [array('md0', 'raid4', 'disk1', 'disk2', 'disk3')],
    [{ kind: 'ran', company: ['disk1', 'disk2', 'disk3'], cut: true }, boot('disk3')],
  ),
  known(
    1_000_010,
    'a half that ran alone more often than the other one, and before that: the image knows the other one only',
    2,
    [mirror('md0', 'disk1', 'disk2')],
    [
      { kind: 'ran', company: ['disk2'], cut: false },
      { kind: 'ran', company: ['disk2'], cut: false },
      { kind: 'ran', company: ['disk2'], cut: false },
      { kind: 'ran', company: ['disk1'], cut: false, image: true },
      boot('disk1'),
    ],
  ),
  known(
    1_000_011,
    'a half on an array that the list does not know: a question is foretold, and it is not there to be asked about',
    3,
    [mirror('md0', 'disk1', 'disk2'), mirror('md1', 'md0', 'disk3')],
    [
      { kind: 'ran', company: ['disk2'], cut: false },
      { kind: 'ran', company: ['disk3'], cut: false, image: true },
      boot(),
      boot('disk2'),
    ],
  ),
  known(
    1_000_012,
    'a disk that was replaced in an array of 0.90 is still there: a start by the engine is foretold, and udev assembles it',
    3,
    [{ ...mirror('md0', 'disk1', 'disk2'), metadata: '0.90', bitmap: false }],
    [{ kind: 'replaced', array: 'md0', member: 'disk1', by: 'disk3', cut: false }, boot(), boot()],
  ),
];
