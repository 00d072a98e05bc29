import fc from 'fast-check';
import { test } from 'tap';
import type { ReaddOutcome } from '../../../../src/core/rejoin/readd-outcome.ts';
import { renderReadd, renderReaddJson } from '../../../../src/core/render/commands/readd-report.ts';

const outcome = (more: Partial<ReaddOutcome>): ReaddOutcome => ({
  device: 'sdb1',
  disk: 'WDC (serial WD-1)',
  array: 'md0',
  arrayUuid: null,
  result: 'refused',
  code: null,
  reason: 'role 1',
  command: 'mdadm /dev/md0 --re-add /dev/sdb1',
  advice: ['wipefs --all /dev/sdb1', 'mdadm /dev/md0 --add /dev/sdb1'],
  ...more,
});

test('each result names the device, the disk where it matters, and what a person can type', async (t) => {
  const cases: readonly [result: ReaddOutcome['result'], disk: boolean, reason: boolean, advice: boolean][] =
    [
      ['re-added', true, true, false],
      ['would-re-add', true, false, false],
      ['member', false, true, false],
      ['none', false, true, false],
      ['refused', true, true, true],
      ['failed', true, true, true],
    ];
  for (const [result, disk, reason, advice] of cases) {
    const text = renderReadd([outcome({ result })]);
    t.match(text, 'sdb1', result);
    t.equal(text.includes('WD-1'), disk, `${result}: the disk`);
    t.equal(text.includes('role 1'), reason, `${result}: the reason`);
    t.equal(text.includes('wipefs'), advice, `${result}: the advice`);
  }
  t.match(renderReadd([outcome({ result: 'would-re-add' })]), '--re-add');
  t.notMatch(renderReadd([outcome({ advice: [] })]), 'OVERWRITES', 'nothing to warn of without a command');
});

test('79 columns of ASCII, whatever disks are called', async (t) => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  const words = fc
    .array(fc.constantFrom('a', 'word', 'x'.repeat(40)), { maxLength: 40 })
    .map((list) => list.join(' '));
  const results = fc.constantFrom<ReaddOutcome['result']>('refused', 'failed');
  fc.assert(
    fc.property(text, words, results, (disk, reason, result) =>
      renderReadd([outcome({ disk, reason, result })])
        .split('\n')
        .every((line) => line.length <= 79 && /^[ -~]*$/.test(line)),
    ),
  );
  t.same(JSON.parse(renderReaddJson([outcome({})])).members, [outcome({})]);
});
