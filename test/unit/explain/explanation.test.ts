import { test } from 'tap';
import { comesUp, endsAt } from '../../../src/core/explain/explanation.ts';
import type { Forecast } from '../../../src/core/explain/simulate-boot.ts';
import type { Finding } from '../../../src/core/inspect/finding.ts';

const forecast = (outcome: Forecast['outcome'], findings?: readonly Finding[]): Forecast => ({
  ...{ taken: [], outcome, rootAfterMs: 0, endAfterMs: 0, stopsAtLayer: null, mounts: [] },
  ...{ passphrase: 'none', arrays: [], ...(findings === undefined ? {} : { findings }) },
});
const loader = (grade: 'stop' | 'unknown' | 'note'): Finding => ({
  ...{ stage: 'loader', grade, code: 'boot-gone', place: '/boot' },
});
const later: Finding = { stage: 'firmware', grade: 'stop', code: 'unread', devices: [] };

test('a boot ends at its first stop, and an image without root before what comes after', async (t) => {
  t.equal(endsAt(forecast('up')), null);
  t.equal(endsAt(forecast('stops')), 'arrays');
  t.equal(endsAt(forecast('stops', [loader('stop')])), 'loader');
  t.equal(endsAt(forecast('up', [loader('stop'), later])), 'firmware');
  t.equal(endsAt(forecast('up', [loader('unknown')])), null);
});

test('it comes up where every case does and nothing is unknown', async (t) => {
  const up = (...forecasts: readonly Forecast[]) =>
    comesUp({ forecasts, disks: new Map(), failurePath: { kind: 'shell' } });
  t.ok(up(forecast('up'), forecast('up', [loader('note')])));
  t.notOk(up(forecast('up'), forecast('asks')));
  t.notOk(up(forecast('up', [loader('unknown')])));
  t.notOk(up(forecast('up', [loader('stop')])));
});
