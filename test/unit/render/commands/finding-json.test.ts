import { test } from 'tap';
import type { Demand } from '../../../../src/core/inspect/mount-demands.ts';
import { findingJson } from '../../../../src/core/render/commands/finding-json.ts';
import { watched } from '../../../support/present-members.ts';

test('a demand and an array are told by their facts', async (t) => {
  const demand: Demand = {
    kind: 'mount',
    ...{ name: '/data', source: 'UUID=x', at: { path: '/etc/fstab', line: 3 } },
    weight: 'required',
    ...{ waitMs: 90_000, ways: [], lost: null, inside: [], isWaitSet: false, isByHand: false },
  };
  const gone = findingJson({ stage: 'after-root', grade: 'stop', code: 'gone', demand, inside: null });
  t.match(gone, { name: '/data', at: { line: 3 }, weight: 'required', commands: [/nofail/] });
  const array = watched();
  const late = findingJson({
    stage: 'after-root',
    grade: 'note',
    code: 'degraded',
    array,
    missingRoles: [1],
  });
  t.match(late, { array: { uuid: array.uuid }, missingRoles: [1], text: /role 1/ });
  const boot = findingJson({ stage: 'loader', grade: 'stop', code: 'boot-gone', place: '/boot' });
  t.match(boot, { place: '/boot', grade: 'stop' });
});
