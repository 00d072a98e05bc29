import { test } from 'tap';
import { safetyCases } from '../boot/safety/cases.ts';
import { coverageOf } from '../boot/safety/coverage.ts';
import { mdadmOf, type SafetyCase } from '../boot/safety/safety-case.ts';

const versions = Object.values(mdadmOf);
const missing = (cases: readonly SafetyCase[], subject: string): readonly string[] =>
  versions.filter((version) => !coverageOf(cases).get(subject)?.[version]);
const named = (pattern: RegExp) => safetyCases.filter(({ name }) => pattern.test(name));

test('rules that only real md can prove are met on two versions of mdadm at least', (t) => {
  for (const rule of ['S1', 'S2', 'S3', 'S4', 'S5', 'S6', 'S7', 'S8', 'S11', 'S14'])
    t.ok(missing(safetyCases, rule).length <= 1, `${rule} lacks mdadm ${missing(safetyCases, rule)}`);
  t.end();
});

test('every level is met by every version of mdadm', (t) => {
  for (const level of ['RAID1', 'RAID5', 'RAID6', 'RAID10', 'md on md'])
    t.same(missing(safetyCases, level), [], level);
  t.end();
});

test('S5, S6, S8: split, stale and returning members are met by every version of mdadm', (t) => {
  t.same(missing(named(/split/), 'S5'), []);
  t.same(missing(named(/^mirror-split-answer/), 'S5'), []);
  t.same(missing(named(/stale/), 'S6'), []);
  t.same(missing(named(/^return-/), 'S8'), []);
  t.same(missing(named(/^return-.*diverged/), 'S8'), []);
  t.end();
});

test('names of cases are theirs alone, and there are a hundred runs', (t) => {
  const runs = safetyCases.flatMap(({ name, on }) => on.map((release) => `${name}-${release}`));
  t.equal(new Set(runs).size, runs.length);
  t.ok(runs.length >= 100, `${runs.length} runs`);
  t.end();
});

test('every case says what becomes of the data', (t) => {
  for (const { name, powerOn, expect } of safetyCases) {
    const control = powerOn.stock === true;
    t.ok(control || expect.root !== null || expect.untouched !== undefined, name);
  }
  t.end();
});
