import { test } from 'tap';
import type { Forecast } from '../../../src/core/explain/simulate-boot.ts';
import { stageForecasts } from '../../../src/core/explain/stage-verdicts.ts';
import type { Finding } from '../../../src/core/inspect/finding.ts';

const UP: Forecast = {
  ...{ taken: [], outcome: 'up', rootAfterMs: 0, endAfterMs: 30_000, stopsAtLayer: null },
  ...{ passphrase: 'none', arrays: [], mounts: [] },
};
/** Only stage and grade count here. */
const finding = (stage: Finding['stage'], grade: Finding['grade']): Finding => ({ stage, grade }) as Finding;
const shown = (forecast: Partial<Forecast>): string =>
  stageForecasts({ ...UP, ...forecast })
    .map(({ verdict, isReached }) => (isReached ? verdict : '-'))
    .join(' ');

test('each stage, up to the one that ends the boot', async (t) => {
  for (const [what, forecast, wanted] of [
    ['nothing found', {}, 'goes-on goes-on goes-on goes-on goes-on goes-on'],
    ['an array needs a person', { outcome: 'asks' }, 'goes-on goes-on goes-on goes-on asks -'],
    ['an array stops it', { outcome: 'stops' }, 'goes-on goes-on goes-on goes-on stops -'],
    ['no disk starts', { findings: [finding('firmware', 'stop')] }, 'stops - - - - -'],
    [
      'a loader that nobody knows',
      { findings: [finding('firmware', 'unknown')] },
      'unknown unknown goes-on goes-on goes-on goes-on',
    ],
    [
      'a mount is gone',
      { findings: [finding('after-root', 'stop')] },
      'goes-on goes-on goes-on goes-on goes-on stops',
    ],
    [
      'a note stops nothing',
      { findings: [finding('kernel', 'note')] },
      'goes-on goes-on goes-on goes-on goes-on goes-on',
    ],
  ] as const)
    t.equal(shown(forecast), wanted, what);
});
