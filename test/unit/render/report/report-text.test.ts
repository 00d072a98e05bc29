import fc from 'fast-check';
import { test } from 'tap';
import { renderReport } from '../../../../src/core/render/report/report-text.ts';
import { hostileNames, machineReport, PLAIN_NAMES } from '../../../support/machine-reports.ts';

test('boots, tree and the next boot, one below the other', async (t) => {
  const text = renderReport(machineReport());
  const places = [
    'report of web1, 2026-11-28',
    'LAST BOOTS',
    'this boot, ',
    'no wait',
    'WHAT THE BOOT',
    'THE NEXT BOOT',
    'Without sda',
  ];
  const found = places.map((words) => text.indexOf(words));
  t.same(
    found,
    [...found].sort((a, b) => a - b),
  );
  t.notOk(found.includes(-1), JSON.stringify(found));
});

test('what is not known is said, with the warnings', async (t) => {
  const text = renderReport(
    machineReport(PLAIN_NAMES, { list: null, nextBoot: null, warnings: ['error: /: why'] }),
  );
  t.equal(text.match(/not known; see below/g)?.length, 2);
  t.match(text, /WARNINGS\n {2}error: \/: why$/);
});

test('no name leaves a control character or a line wider than a console', async () => {
  fc.assert(
    fc.property(hostileNames, (names) =>
      renderReport(machineReport(names))
        .split('\n')
        .every((line) => /^[\x20-\x7e]{0,79}$/.test(line)),
    ),
    { numRuns: 60 },
  );
});
