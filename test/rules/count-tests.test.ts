import { test } from 'tap';
import {
  asOneTest,
  countsOfBoots,
  countsOfTap,
  failuresInBoots,
  failuresInTap,
  wordsOf,
} from '../../tools/check/count-tests.ts';

test("tap's summary", async (t) => {
  t.same(countsOfTap('ok 1 - a\n# { total: 7, pass: 5, fail: 2 }\n# time=3ms\n'), { passed: 5, failed: 2 });
  t.same(countsOfTap('# { total: 7, pass: 7 }\n'), { passed: 7, failed: 0 });
  t.equal(countsOfTap('TAP version 14\n1..0\n'), null, 'no summary is no success');
  t.equal(countsOfTap('# { total: 0 }\n'), null, 'no test is no success');
  t.equal(countsOfTap('# { total: 1, skip: 1 }\n'), null, 'a skipped file is no success');
});

test('the last line of the boots', async (t) => {
  t.same(countsOfBoots('ok B1\n16 passed, 1 failed\n'), { passed: 16, failed: 1 });
  t.equal(countsOfBoots('0 passed, 0 failed\n'), null);
  t.equal(countsOfBoots(''), null);
});

test('a failed assertion is shown once, not each test around it', async (t) => {
  const output = '  not ok 1 - wrong\n    ---\nnot ok 1 - file.ts # time=3ms\n';
  t.match(failuresInTap(output), /^ {2}not ok 1 - wrong\n/);
  t.equal(failuresInTap(output).match(/^ *not ok/gm)?.length, 2);
});

test('a failed boot with what was expected and seen', async (t) => {
  const output =
    'ok     B1\nFAILED B3  trixie\n       expected: system\n         seen: shell\n\nok     B4\n  built\n1 passed, 1 failed\n';
  t.equal(failuresInBoots(output), 'FAILED B3  trixie\n       expected: system\n         seen: shell');
  t.equal(failuresInBoots('ok     B1\n1 passed, 0 failed\n'), '');
});

test('mutated inputs are no tests', async (t) => {
  t.same(asOneTest({ passed: 1_030_000, failed: 0 }), { passed: 1, failed: 0 });
  t.same(asOneTest({ passed: 1_029_998, failed: 2 }), { passed: 0, failed: 1 });
  t.same(asOneTest({ passed: 0, failed: 0 }), { passed: 0, failed: 1 }, 'no input is no success');
  t.equal(wordsOf({ passed: 1_029_998, failed: 2 }, true), '1030000 mutated inputs, 2 failed');
  t.equal(wordsOf({ passed: 3, failed: 1 }, false), '3 passed, 1 failed');
});
