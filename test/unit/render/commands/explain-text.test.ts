import fc from 'fast-check';
import { test } from 'tap';
import type { Explanation } from '../../../../src/core/explain/explanation.ts';
import type { ArrayForecast, Forecast } from '../../../../src/core/explain/simulate-boot.ts';
import type { FailurePath } from '../../../../src/core/image/generator.ts';
import { renderExplanation } from '../../../../src/core/render/commands/explain-text.ts';
import type { StartFailure } from '../../../../src/core/report/timeline.ts';
import { watched } from '../../../support/present-members.ts';

const disk = (model: string | null, serial: string | null, byId: string | null = null) => ({
  model,
  serial,
  byId,
  sizeBytes: null,
});
const forecastOf = (more: Partial<Forecast> = {}): Forecast => ({
  taken: [],
  outcome: 'up',
  rootAfterMs: 0,
  endAfterMs: 30_000,
  stopsAtLayer: null,
  passphrase: 'none',
  arrays: [],
  mounts: [],
  ...more,
});
const arrayOf = (more: Partial<ArrayForecast> = {}): ArrayForecast => ({
  array: watched(),
  state: 'found',
  startedAfterMs: null,
  missingRoles: [],
  slotCount: 2,
  verdict: { kind: 'complete' },
  policy: 'start',
  failure: null,
  stopsTheBoot: false,
  canBeAnswered: false,
  ...more,
});
const explanationOf = (forecast: Forecast, failurePath: FailurePath = { kind: 'shell' }): Explanation => ({
  forecasts: [forecast],
  disks: new Map([
    ['sda', { device: 'sda', identity: disk('WDC', 'S1'), isUsed: true }],
    ['sdb', { device: 'sdb', identity: disk(null, null, 'ata-x'), isUsed: false }],
  ]),
  failurePath,
});
const failed = (detail: string): StartFailure => ({
  ...{ reason: 'not-run', device: 'md0', detail, attempts: 1 },
});
const told = (forecast: Forecast, failurePath?: FailurePath): string =>
  renderExplanation(explanationOf(forecast, failurePath)).replace(/\s+/g, ' ');

test('the disks taken away, as a person knows them, and those that the boot has no use for', async (t) => {
  t.match(told(forecastOf({ taken: ['sda', 'sdb'] })), /^Without sda \(WDC, serial S1\) and sdb \(ata-x\): /);
  t.match(told(forecastOf({ taken: Array.from({ length: 9 }, () => 'sda') })), '3 more disks');
  t.equal(told(forecastOf({ taken: ['sda'] })).includes('does not need'), false);
  t.match(told(forecastOf({ taken: ['sdb'] })), 'does not need');
});

test('what runs, and when root is there', async (t) => {
  const degraded = arrayOf({ state: 'started', startedAfterMs: 20_000, missingRoles: [1] });
  t.match(told(forecastOf({ arrays: [degraded], rootAfterMs: 20_000 })), /role 1.*20 s/);
  t.notMatch(told(forecastOf({ arrays: [arrayOf()] })), 'role', 'a whole array is not spoken of');
  t.match(told(forecastOf({ rootAfterMs: 5_000 })), '5 s');
  t.notMatch(told(forecastOf()), ' s;');
  t.match(told(forecastOf({ passphrase: 'above-the-arrays' })), 'passphrase');
  t.match(told(forecastOf({ arrays: Array.from({ length: 6 }, () => degraded) })), '2 more arrays');
});

test('a disk that is missing already is named, and nobody says that all are there', async (t) => {
  const array = arrayOf({ state: 'started', missingRoles: [0, 1] });
  const absent = new Map([[array.array.uuid, [{ role: 1, deviceUuid: 'd', disk: 'WDC (serial S1)\x1b' }]]]);
  const explain = (taken: readonly string[]) =>
    renderExplanation({ ...explanationOf(forecastOf({ taken, arrays: [array] })), absent }).replace(
      /\s+/g,
      ' ',
    );
  t.match(
    explain([]),
    /^With the disks that are present now, array .* roles 0 and 1 \(WDC \(serial S1\)\\x1b\);/,
  );
  t.match(explain(['sda']), /^Without sda .* roles 0 and 1 \(WDC/);
  const unknown = new Map([[array.array.uuid, [{ role: 1, deviceUuid: null, disk: null }]]]);
  const forecast = forecastOf({ arrays: [array] });
  t.match(
    renderExplanation({ ...explanationOf(forecast), absent: unknown }).replace(/\s+/g, ' '),
    /^With the disks that are present now, .* roles 0 and 1;/,
  );
});

test('where it ends when root does not come', async (t) => {
  const stopped = arrayOf({ state: 'not-started', stopsTheBoot: true, verdict: { kind: 'absent' } });
  const stops = forecastOf({ outcome: 'stops', stopsAtLayer: 0, arrays: [stopped], rootAfterMs: null });
  t.match(told(stops), /layer 0.*rescue shell.*30 s/);
  t.match(told(stops, { kind: 'restart', why: 'panic=10' }), 'panic=10');
  t.not(told(stops), told({ ...stops, outcome: 'asks' }));
  const lost = forecastOf({
    outcome: 'stops',
    mounts: [{ name: '/srv', isThere: false }],
    rootAfterMs: null,
  });
  t.match(told(lost), '/srv');
});

test('why an array does not run differs for each verdict and policy', async (t) => {
  const reason = { code: 'unknown-level', level: 7 } as const;
  const whys = [
    arrayOf({ verdict: { kind: 'absent' } }),
    arrayOf({ verdict: { kind: 'insufficient', missingRoles: [0] }, missingRoles: [0] }),
    arrayOf({ verdict: { kind: 'unsafe', reason, missingRoles: [] } }),
    arrayOf({
      verdict: { kind: 'startable', missingRoles: [1], degradedBefore: false },
      missingRoles: [1],
      policy: 'never',
    }),
    arrayOf({
      verdict: { kind: 'startable', missingRoles: [1], degradedBefore: false },
      missingRoles: [1],
      policy: 'ask',
    }),
    arrayOf({ failure: failed('mdadm said no') }),
  ].map((array) =>
    told(forecastOf({ outcome: 'stops', arrays: [{ ...array, state: 'not-started', stopsTheBoot: true }] })),
  );
  t.equal(new Set(whys).size, whys.length);
  t.match(whys[2], 'level 7');
  t.match(whys[5], 'mdadm said no');
});

test('79 columns of ASCII', async () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 50 }), { maxLength: 9 }),
      fc.string({ unit: 'binary' }),
      (taken, failure) => {
        const arrays = [arrayOf({ failure: failed(failure), state: 'not-started', stopsTheBoot: true })];
        const text = renderExplanation(explanationOf(forecastOf({ taken, outcome: 'stops', arrays })));
        return text.split('\n').every((line) => line.length <= 79 && /^[ -~]*$/.test(line));
      },
    ),
  );
});
