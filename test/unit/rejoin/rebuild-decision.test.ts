import { test } from 'tap';
import type { MemberDevice, RunningArray } from '../../../src/core/rejoin/readd-decision.ts';
import { whyNoRebuild } from '../../../src/core/rejoin/rebuild-decision.ts';
import { member, running } from '../../support/member-devices.ts';

const plain = { hasBitmap: false };
const alone = running(member({ number: 0, events: 20, more: plain }));
const KNOWN = new Set(['uuid-0', 'uuid-1']);

test('who may be rebuilt whole by itself', async (t) => {
  const cases: readonly [string, MemberDevice, RunningArray, ReadonlySet<string> | null, RegExp | null][] = [
    ['known, older, no bitmap', member({ number: 1, more: plain }), alone, KNOWN, null],
    ['no record', member({ number: 1, more: plain }), alone, null, /no record/],
    ['not in the record', member({ number: 1, more: plain }), alone, new Set(['uuid-0']), /no record/],
    ['level with the array', member({ number: 1, events: 20, more: plain }), alone, KNOWN, /not older/],
    ['a bitmap', member({ number: 1 }), running(member({ number: 0, events: 20 })), KNOWN, /has a bitmap/],
    ['a spare', member({ number: 1, role: 'spare', more: plain }), alone, KNOWN, /no data/],
    ['0.90', member({ number: 1, more: { ...plain, metadata: '0.90' } }), alone, KNOWN, /0\.90/],
    ['nothing to compare', member({ number: 1 }), { ...alone, members: [] }, KNOWN, /can be compared/],
  ];
  for (const [what, joiner, array, known, wanted] of cases) {
    const why = whyNoRebuild(joiner, array, known);
    if (wanted === null) t.equal(why, null, what);
    else t.match(why, wanted, what);
  }
});
