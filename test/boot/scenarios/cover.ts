/**
 * What `./check` boots; `./check --all` boots every scenario on every platform in both lanes. Under user-mode Linux: every scenario on the
 * first platform, but for those that take minutes, those beside stock, which boot up to six times, and those whose layout would be installed for
 * them alone; and on the others those of one layout, since each layout costs a platform two installations. Under QEMU: what only
 * QEMU has (firmware, the virtual terminal, SCSI hot-plug, the distribution's own kernel), a scenario of each kind, five on each platform.
 */
import type { Scenario } from '../scenario/scenario.ts';
import type { Lane } from '../vm/machine.ts';

const EVERY = 'every';

/** What becomes of RAID6 and RAID10 is tried on real md by the safety cases. */
const LAYOUTS_OF_FEW = new Set(['raid6x4', 'raid10x4', 'raid1-noconf']);

const ELSEWHERE = 'B1 B2 B3 B17 B6 B11-killed B11-truncated B2-256M';

/** One layout: an image of dracut takes longer to build than three boots. */
const DRACUT = 'B1 B2 B3';

const COVER: Readonly<Record<Lane, Readonly<Record<string, string>>>> = {
  'user-mode': { trixie: EVERY, bookworm: ELSEWHERE, forky: ELSEWHERE, 'trixie-dracut': DRACUT },
  qemu: {
    trixie: 'B1 B5-esc B9-raid5-too-few B18-later B19-efi',
    bookworm: 'B2 B3 B6 B17 B11-killed',
    forky: 'B2 B3 B6 B11-missing B2-256M',
  },
};

export function isCovered(
  lane: Lane,
  suite: string,
  { id, layout, besideStock, takesMinutes }: Scenario,
): boolean {
  const covered = COVER[lane][suite] ?? '';
  if (covered === EVERY) return besideStock !== true && takesMinutes !== true && !LAYOUTS_OF_FEW.has(layout);
  return covered.split(' ').includes(id);
}
