/**
 * What `./check` boots; `./check --all` boots every scenario on every platform in both lanes. Under user-mode Linux: every scenario on the
 * first platform, and on the others one of each kind that a release can decide otherwise. Under QEMU: what only QEMU has (firmware, the
 * virtual terminal, SCSI hot-plug, the distribution's own kernel), at least one scenario of each kind and layout, and five on each platform.
 */
import type { Lane } from '../vm/machine.ts';

const EVERY = 'every';

/** Two layouts: each costs every other platform two installations. */
const ELSEWHERE: readonly string[] = [
  ...[
    'B1',
    'B2',
    'B3',
    'B17',
    'B6',
    'B7',
    'B11-killed',
    'B11-truncated',
    'B11-newer',
    'B2-256M',
    'B14',
    'B14-healthy',
  ],
];

const COVER: Readonly<Record<Lane, Readonly<Record<string, readonly string[] | typeof EVERY>>>> = {
  'user-mode': { trixie: EVERY, bookworm: ELSEWHERE, forky: ELSEWHERE },
  qemu: {
    trixie: [
      ...[
        'B1',
        'B2',
        'B4',
        'B5-esc',
        'B8',
        'B9-raid5-too-few',
        'B9-raid10',
        'B10',
        'B12',
        'B13',
        'B15',
        'B16',
      ],
      ...['B18-later', 'B19-efi'],
    ],
    bookworm: ['B2', 'B3', 'B17', 'B11-killed', 'B14'],
    forky: ['B2', 'B6', 'B14', 'B11-missing', 'B2-256M'],
  },
};

export function isCovered(lane: Lane, suite: string, id: string): boolean {
  const covered = COVER[lane][suite] ?? [];
  return covered === EVERY || covered.includes(id);
}
