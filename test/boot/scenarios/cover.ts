/**
 * What `./check` boots; `./check --all` boots every scenario on every platform in both lanes. A guest is two installations, of which each takes as
 * long as six boots: few layouts on the first platform, and one on each other. What becomes of the other levels and of
 * arrays on arrays is tried on real md by the safety cases. Under user-mode Linux: scenarios of each kind, none of minutes. Under QEMU: what
 * only QEMU has (firmware, the virtual terminal, SCSI hot-plug, the distribution's own kernel), four or five on each platform.
 */
import type { Scenario } from '../scenario/scenario.ts';
import type { Lane } from '../vm/machine.ts';

const ELSEWHERE = 'B2 B17 B6 B11-truncated';

const COVER: Readonly<Record<Lane, Readonly<Record<string, string>>>> = {
  'user-mode': {
    trixie:
      'B1 B2 B3 B6 B7 B17 B20 B11-killed B11-truncated B2-256M B18-both B18-answer B4 B5-d B8 B8-after B8-held N5',
    bookworm: ELSEWHERE,
    forky: ELSEWHERE,
    'trixie-dracut': 'B2 B3 B11-killed',
  },
  qemu: {
    trixie: 'B1 B2 B5-esc B18-later B19-efi',
    bookworm: 'B2 B6 B17 B11-killed',
    forky: 'B2 B3 B11-missing B2-256M',
  },
};

export const isCovered = (lane: Lane, suite: string, { id }: Scenario): boolean =>
  (COVER[lane][suite] ?? '').split(' ').includes(id);
