import { test } from 'tap';
import { A, B, judge, member, seen, watched } from '../../support/present-members.ts';

test('event counts: md tolerates a difference of one, when the freshest still knows the member', async (t) => {
  const older = (events: number) => judge(watched(), seen(member(A), member({ ...B, events })));
  t.equal(older(100), 'complete');
  t.equal(older(99), 'complete');
  t.equal(older(98), 'startable 1');
  const failed = { number: 0, events: 101, roles: [0, null] };
  t.equal(
    judge(watched(), seen(member(failed), member(B))),
    'startable 1',
    'B failed, then the machine crashed',
  );
});

test('members being rebuilt, replaced and spare do not hold the data', async (t) => {
  const rebuilding = member({ ...B, superblock: { recoveryOffsetSectors: 1000 } });
  t.equal(judge(watched(), seen(member(A), rebuilding)), 'startable 1');
  t.equal(judge(watched(), seen(rebuilding)), 'insufficient 0,1');
  const roles = [0, 1, 1];
  const replaced = [
    member({ ...A, roles }),
    member({ ...B, roles }),
    member({ number: 2, events: 100, roles, superblock: { recoveryOffsetSectors: 0 } }),
  ];
  t.equal(judge(watched(), seen(...replaced)), 'complete');
  t.equal(judge(watched(), seen(...replaced.slice(0, 1), ...replaced.slice(2))), 'startable 1');
  const spare = (events: number) => member({ number: 2, events, roles: [0, 1, null] });
  t.equal(
    judge(watched(), seen(member(A), spare(20))),
    'startable 1',
    'md does not write to spares each time',
  );
  t.equal(judge(watched(), seen(member(A), spare(101))), 'startable 1');
  t.equal(
    judge(watched(), seen(member(A), spare(500))),
    'unsafe stale 1',
    'it saw the array go on without A',
  );
});
