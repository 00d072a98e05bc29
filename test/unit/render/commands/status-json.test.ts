import { test } from 'tap';
import { renderStatusJson } from '../../../../src/core/render/commands/status-json.ts';
import {
  DATA,
  DEGRADED_SINCE_BOOT,
  HEALTHY,
  OLD_IMAGE,
  REBUILDING,
  ROOT,
} from '../../../support/status-machines.ts';

const json = (machine: typeof HEALTHY) => JSON.parse(renderStatusJson(machine));

test('the same for programs', async (t) => {
  t.match(json(HEALTHY), { schema: 'reliable-raid/status/1', status: 0, problems: [] });
  t.match(json(DEGRADED_SINCE_BOOT), {
    status: 1,
    problems: [{ kind: 'array', array: ROOT, device: 'md0' }],
    arrays: [{ uuid: ROOT, condition: 'degraded', startedDegraded: true, missing: [{ role: 1 }] }, {}],
    lastBoot: { kind: 'reported', outcome: 'up', startedDegraded: [ROOT] },
  });
  t.match(json(REBUILDING).arrays[0], { sync: { percent: 44, leftMs: 14264738 } });
  t.match(json(OLD_IMAGE), {
    problems: [{ kind: 'old-image' }],
    image: { changes: [{ what: 'new', array: DATA }] },
  });
});
