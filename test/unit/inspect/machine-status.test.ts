import { test } from 'tap';
import { downStatus } from '../../../src/core/inspect/array-status.ts';
import {
  arraysCalled,
  exitStatus,
  problemsOf,
  startedDegradedIn,
} from '../../../src/core/inspect/machine-status.ts';
import { SAMPLE_REPORT } from '../../support/sample-report.ts';
import {
  DEGRADED_SINCE_BOOT,
  HEALTHY,
  knownArray,
  machineWith,
  OLD_IMAGE,
  REBUILDING,
  ROOT,
  SPLIT_BRAIN_HELD,
} from '../../support/status-machines.ts';

const down = (isOurs: boolean) =>
  downStatus(
    { uuid: ROOT, device: null, level: null, slotCount: 0, filledCount: 0, verdict: null },
    knownArray({ isOurs }),
    [],
  );

test('the exit status is that of mdadm --detail --test', async (t) => {
  for (const [name, machine, status] of [
    ['healthy', HEALTHY, 0],
    ['rebuilding', REBUILDING, 1],
    ['degraded', DEGRADED_SINCE_BOOT, 1],
    ['old image', OLD_IMAGE, 0],
    ['not running', machineWith(down(true)), 2],
    ['of another machine', machineWith(down(false)), 0],
  ] as const)
    t.equal(exitStatus(machine.arrays), status, name);
});

test('the worst comes first', async (t) => {
  t.same(problemsOf(HEALTHY), []);
  t.same(problemsOf(machineWith(down(false))), []);
  const all = {
    ...OLD_IMAGE,
    arrays: [...REBUILDING.arrays, ...SPLIT_BRAIN_HELD.arrays, down(true)],
    ledger: { kind: 'recorded', atMs: 0, isCurrent: false } as const,
  };
  t.same(
    problemsOf(all).map((one) => (one.kind === 'array' ? one.array.condition : one.kind)),
    ['down', 'degraded', 'rebuilding', 'old-image', 'old-ledger'],
  );
  t.same(problemsOf({ ...HEALTHY, image: { kind: 'never-made' } }), [{ kind: 'no-image-list' }]);
});

test('an array is called by its name, its device or its UUID', async (t) => {
  for (const text of ['root', 'md0', '/dev/md0', '/dev/md/root', ROOT])
    t.same(
      arraysCalled(text, HEALTHY.arrays).map(({ name }) => name),
      ['root'],
      text,
    );
  t.same(arraysCalled('', HEALTHY.arrays), []);
  t.same(arraysCalled('nosuch', HEALTHY.arrays), []);
});

test('which arrays a boot started degraded', async (t) => {
  t.equal(startedDegradedIn(SAMPLE_REPORT).size, 1);
  t.equal(startedDegradedIn({ ...SAMPLE_REPORT, timeline: [] }).size, 0);
});
