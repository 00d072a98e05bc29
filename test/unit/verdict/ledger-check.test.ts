import { test } from 'tap';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import { A, B, judge, member, seen, watched, watchedMember } from '../../support/present-members.ts';

test('good cases that must not look unsafe', async (t) => {
  const ledger = [watchedMember(0, 0, 90), watchedMember(1, 1, 90)];
  t.equal(judge(watched(ledger), seen(member(A))), 'startable 1', 'a ledger from days ago');
  const replacedB = { number: 2, events: 100, roles: [0, null, 1] };
  t.equal(judge(watched(ledger), seen(member(replacedB))), 'startable 0', 'a member that replaced B since');
  const onlyA = [watchedMember(0, 0, 90), watchedMember(1, 1, 50, false)];
  const alone = { number: 0, events: 100, roles: [0, null] };
  t.equal(
    judge(watched(onlyA), seen(member(alone))),
    'startable 1',
    'already degraded when the image was built',
  );
  t.equal(judge(watched(onlyA), seen(member(B))), 'startable 0', 'B was rebuilt since');
  t.equal(
    judge(watched(ledger), seen(member({ ...A, events: 89 }))),
    'startable 1',
    'md took one event back',
  );
  const old = { number: 1, events: 60, roles: [0, 1] };
  const withNewB = { number: 0, events: 100, roles: [0, null, 1] };
  t.equal(
    judge(watched(), seen(member(withNewB), member(old), member(replacedB))),
    'complete',
    'the disk that was replaced is still attached',
  );
  t.equal(judge(watched(), seen(member(old), member(replacedB))), 'startable 0', 'and the other one fails');
  const both = seen(member({ ...A, events: 50 }), member({ ...B, events: 50 }));
  t.equal(judge(watched(ledger), both), 'complete', 'all disks restored from a backup');
});

test('S6: a stale copy', async (t) => {
  const ledger = [watchedMember(0, 0, 90), watchedMember(1, 1, 90)];
  const stale = seen(member({ ...B, events: 50 }));
  t.equal(judge(watched(ledger), stale), 'unsafe stale 0');
  t.equal(judge(watched(ledger), stale, 'start'), 'startable 0');
  const verdict = judgeArray(watched(ledger), stale);
  t.match(verdict, {
    reason: { code: 'stale', writtenMs: 1_700_000_050_000, behind: 40, newer: { writtenMs: Number } },
  });
  const aloneLedger = [watchedMember(0, 0, 90), watchedMember(1, 1, 50, false)];
  t.equal(judge(watched(aloneLedger), stale), 'unsafe stale 0', 'the ledger saw A go on alone');
});
