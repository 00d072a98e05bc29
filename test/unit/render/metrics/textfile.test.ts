import fc from 'fast-check';
import { test } from 'tap';
import { runningStatus } from '../../../../src/core/inspect/array-status.ts';
import type { MachineStatus } from '../../../../src/core/inspect/machine-status.ts';
import { renderMetrics } from '../../../../src/core/render/metrics/textfile.ts';
import { forecastOf, machineReport } from '../../../support/machine-reports.ts';
import {
  DEGRADED_SINCE_BOOT,
  HEALTHY,
  knownArray,
  machineWith,
  ROOT,
  runningMirror,
} from '../../../support/status-machines.ts';

const lines = (status: MachineStatus): readonly string[] => renderMetrics(status, null).split('\n');
const array = `{uuid="${ROOT}",name="root"}`;

test('a whole machine', async (t) => {
  const found = lines(HEALTHY);
  for (const line of [
    'reliable_raid_status 0',
    `reliable_raid_array_complete${array} 1`,
    `reliable_raid_array_missing_members${array} 0`,
    'reliable_raid_boot_degraded 0',
    'reliable_raid_boot_wait_seconds 0',
    'reliable_raid_image_current 1',
    `reliable_raid_last_run_timestamp_seconds ${HEALTHY.nowMs / 1000}`,
  ])
    t.ok(found.includes(line), line);
  t.notOk(
    found.some((line) => line.startsWith('reliable_raid_next_boot_up')),
    'was not asked for',
  );
});

test('a machine that came up degraded: which disk, and how long it waited', async (t) => {
  const found = lines(DEGRADED_SINCE_BOOT);
  for (const line of [
    'reliable_raid_status 1',
    `reliable_raid_array_started_degraded${array} 1`,
    `reliable_raid_missing_member{uuid="${ROOT}",name="root",role="1",serial="WD-WCC7K1XYZ123"} 1`,
    'reliable_raid_boot_degraded 1',
    'reliable_raid_boot_wait_seconds 20.4',
  ])
    t.ok(found.includes(line), line);
});

test('what is not known has no sample, and is not 0', async (t) => {
  const found = lines({
    ...HEALTHY,
    nowMs: 0,
    lastBoot: { kind: 'unknown', why: 'denied' },
    image: { kind: 'unknown', why: 'denied' },
    ledger: { kind: 'empty' },
  });
  for (const name of [
    'boot_degraded',
    'boot_wait_seconds',
    'image_current',
    'ledger_current',
    'last_run_timestamp_seconds',
  ]) {
    t.notOk(
      found.some((line) => line.startsWith(`reliable_raid_${name} `)),
      name,
    );
    t.ok(found.includes(`# TYPE reliable_raid_${name} gauge`), name);
  }
});

test('the next boot without each disk, only where it comes up for certain', async (t) => {
  const { nextBoot } = machineReport();
  if (nextBoot === null) return t.fail('no next boot');
  const text = renderMetrics(HEALTHY, nextBoot);
  t.match(text, 'reliable_raid_next_boot_up{without="",serial=""} 1\n');
  t.match(text, 'reliable_raid_next_boot_up{without="sda",serial="WD-WCC7K1XYZ123"} 0\n');
  const asks = renderMetrics(HEALTHY, { ...nextBoot, forecasts: [forecastOf({ outcome: 'asks' })] });
  t.match(asks, 'reliable_raid_next_boot_up{without="",serial=""} 0\n');
});

test('any name gives one well formed line, no longer than its bound', async () => {
  const SAMPLE = /^reliable_raid_[a-z_]+(?:\{(?:[a-z]+="(?:[^"\\]|\\[\\"]){0,128}",?)+\})? -?\d+(?:\.\d+)?$/;
  const COMMENT = /^# (?:HELP reliable_raid_[a-z_]+ [\x20-\x7e]+|TYPE reliable_raid_[a-z_]+ gauge)$/;
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
      const known = knownArray({ name, held: [{ device: 'sdb1', why: name }] });
      const text = renderMetrics(machineWith(runningStatus(runningMirror(), known)), null);
      return text
        .trimEnd()
        .split('\n')
        .every((line) => /^[\x20-\x7e]+$/.test(line) && (SAMPLE.test(line) || COMMENT.test(line)));
    }),
    { numRuns: 60 },
  );
});
