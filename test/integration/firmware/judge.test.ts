import { test } from 'tap';
import { formatReport, parseReport } from '../../../src/core/report/report-file.ts';
import { judgeRow } from '../../boot/firmware/judge.ts';
import type { Reached, Seen } from '../../boot/firmware/power-on.ts';
import type { ToldCase } from '../../boot/firmware/told.ts';

const told = (more: Partial<ToldCase> = {}): ToldCase => ({
  ...{ without: [], outcome: 'up', stopsAt: null, stages: [], rootAfterMs: 3000 },
  ...more,
});
const seen = (reached: Reached, more: Partial<Seen> = {}): Seen => ({
  ...{ reached, hostSeconds: 60, report: null, gaveUpAfterSeconds: null, lastWords: '' },
  ...more,
});
const finishedAfter = (ms: number, lateMs = 0): Seen['report'] => {
  const timeline = [
    { kind: 'engine-started', atMs: 2000 + lateMs },
    { kind: 'finished', atMs: 2000 + ms, outcome: 'up' },
  ] as const;
  const text = formatReport({ discoveryAtMs: 2000, outcome: 'up', engine: null, arrays: [], timeline });
  const read = parseReport(text, 'boot.json');
  return read.ok ? read.value : null;
};
const WAIT_MS = 3000;
const problemsOf = (one: ToldCase, other: Seen) => judgeRow(one, other, WAIT_MS).problems;
const stopping = (stopsAt: ToldCase['stopsAt']): ToldCase => told({ outcome: 'stops', stopsAt });

test('what was promised and what came', async (t) => {
  t.same(problemsOf(told(), seen('system')), []);
  for (const reached of ['firmware', 'loader', 'kernel', 'image', 'arrays', 'root', 'emergency'] as const)
    t.match(problemsOf(told(), seen(reached)), [/said to come up/], reached);
  t.same(problemsOf(stopping('firmware'), seen('firmware')), []);
  t.match(problemsOf(stopping('firmware'), seen('system')), [/came up/]);
  t.match(problemsOf(stopping('firmware'), seen('emergency')), [/ended at: emergency/]);
  t.match(problemsOf(stopping('after-root'), seen('loader')), [/ended at: loader/]);
});

test('where nobody can tell, nothing was promised', async (t) => {
  const unknown = told({ stages: [{ stage: 'firmware', verdict: 'unknown', findings: [] }] });
  t.equal(judgeRow(unknown, seen('firmware'), WAIT_MS).promised, 'unknown');
  t.same(problemsOf(unknown, seen('system')), []);
});

test('times by the clock of the guest', async (t) => {
  t.same(problemsOf(told(), seen('system', { report: finishedAfter(4000) })), []);
  t.match(problemsOf(told(), seen('system', { report: finishedAfter(8100) })), [/said: after 3 s/]);
  t.same(
    problemsOf(told(), seen('system', { report: finishedAfter(8600, 6500) })),
    [],
    'an emulated processor starts the engine late',
  );
  t.match(problemsOf(told(), seen('system', { report: finishedAfter(13_100, 6500) })), [/said: after 3 s/]);
  const finding = { grade: 'stop', code: 'gone', text: '', waitMs: 90_000 };
  const gone = told({
    stopsAt: 'after-root',
    stages: [{ stage: 'after-root', verdict: 'stops', findings: [finding] }],
  });
  t.same(problemsOf(gone, seen('emergency', { gaveUpAfterSeconds: 90.4 })), []);
  t.match(problemsOf(gone, seen('emergency', { gaveUpAfterSeconds: 80 })), [/said: after 90 s/]);
});
