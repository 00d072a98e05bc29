/**
 * What `./check` boots; `./check --all` boots every scenario on every platform in both lanes. Under user-mode Linux: every scenario on the
 * first platform, but for those that take minutes, and of those beside stock, which boot up to six times, one; and on the others those of one layout, since each layout costs a platform two installations. Under QEMU: what only
 * QEMU has (firmware, the virtual terminal, SCSI hot-plug, the distribution's own kernel), a scenario of each kind, five on each platform.
 */
import type { Scenario } from '../scenario/scenario.ts';
import type { Lane } from '../vm/machine.ts';

const EVERY = 'every';

const BESIDE_STOCK = 'C1-extended';

const ELSEWHERE = 'B1 B2 B3 B17 B6 B11-killed B11-truncated B2-256M';

/** One layout: an image of dracut takes longer to build than three boots. */
const DRACUT = 'B1 B2 B3';

const COVER: Readonly<Record<Lane, Readonly<Record<string, string>>>> = {
  'user-mode': { trixie: EVERY, bookworm: ELSEWHERE, forky: ELSEWHERE, 'trixie-dracut': DRACUT },
  qemu: {
    trixie: 'B1 B4 B5-esc B9-raid5-too-few B15 B18-later B19-efi B19-whole',
    bookworm: 'B2 B3 B6 B17 B11-killed',
    forky: 'B2 B3 B6 B11-missing B2-256M',
  },
};

export function isCovered(lane: Lane, suite: string, { id, besideStock, takesMinutes }: Scenario): boolean {
  const covered = COVER[lane][suite] ?? '';
  if (covered === EVERY) return (besideStock !== true && takesMinutes !== true) || id === BESIDE_STOCK;
  return covered.split(' ').includes(id);
}
