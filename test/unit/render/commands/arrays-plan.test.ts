import { test } from 'tap';
import { renderArraysPlan } from '../../../../src/core/render/commands/arrays-plan.ts';
import { A, B, member, seen, watched } from '../../../support/present-members.ts';

const plan = (degraded: 'start' | 'ask' | 'never', ...members: readonly ReturnType<typeof member>[]) =>
  renderArraysPlan([watched([], { degraded, name: '\x1bdata' })], seen(...members), { stale: 'ask' });

test('what would become of each array, and by which word', async (t) => {
  t.match(plan('start', member(A)), /degraded = "start": started degraded after the wait/);
  t.match(plan('never', member(A)), /degraded = "never": left alone; "reliable-raid start" starts it/);
  t.match(plan('ask', member(A)), /degraded = "ask": left alone/);
  t.match(plan('never', member(A), member(B)), /: started$/);
  t.match(plan('start'), /too many members are missing/);
  const split = [
    member({ ...A, roles: [0, null], events: 120 }),
    member({ ...B, roles: [null, 1], events: 130 }),
  ];
  t.match(plan('start', ...split), /left alone; "reliable-raid start" asks/);
  for (const text of [plan('start', member(A)), plan('start', ...split)])
    t.notMatch(text, /.{80}|[^\x20-\x7e\n]/);
  t.match(renderArraysPlan([], seen(), { stale: 'ask' }), /No array/);
});
