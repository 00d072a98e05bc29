import { test } from 'tap';
import { isMailedByMdmonitor } from '../../../src/core/notices/left-to-mdmonitor.ts';
import { fault } from '../../support/notice-events.ts';

test('a failed member and a degraded array, not the end of it, nor what mdadm cannot see', async (t) => {
  const event = fault('degraded', {});
  t.ok(isMailedByMdmonitor({ event, how: 'new' }));
  t.ok(isMailedByMdmonitor({ event, how: 'again' }));
  t.notOk(isMailedByMdmonitor({ event, how: 'healed' }));
  for (const kind of ['not-started', 'question-open', 'member-held', 'image-outdated'] as const)
    t.notOk(isMailedByMdmonitor({ event: fault(kind, {}), how: 'new' }), kind);
});
