import { test } from 'tap';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import type { Answer } from '../../../src/core/verdict/answer.ts';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import { type Question, questionOf } from '../../../src/core/verdict/question.ts';
import { A, B, member, seen, watched } from '../../support/present-members.ts';

const ask = (members: readonly PresentMember[], given: Answer | null = null, array = watched()) => {
  const snapshot = seen(...members);
  return questionOf(array, snapshot, judgeArray(array, snapshot, { stale: 'ask', answer: given }), given);
};
const devices = (question: Question | null) =>
  question?.choices.map(({ answer }) => [...answer.devices].sort().join('+')) ?? null;

const aloneA = member({ number: 0, events: 110, roles: [0, null] });
const aloneB = member({ number: 1, events: 105, roles: [null, 1] });
const raid5 = (number: number, clean: boolean) =>
  member({ number, events: 7, level: 5, raidDevices: 3, roles: [0, 1, 2], superblock: { clean } });

test('what a person may choose', async (t) => {
  const cases: readonly [
    what: string,
    members: readonly PresentMember[],
    wanted: readonly string[] | null,
  ][] = [
    ['nothing to ask when it is complete', [member(A), member(B)], null],
    ['nor when it can be started', [member(A)], null],
    ['nor when nobody is there', [], null],
    ['each copy of a split mirror', [aloneA, aloneB], ['sda1', 'sdb1']],
    ['each twin', [member(A), member({ ...A, device: 'sdz' })], ['sda1', 'sdz']],
    ['dirty parity as a whole', [raid5(0, false), raid5(2, false)], ['sda1+sdc1']],
    [
      'a reshape that needs its backup file',
      [member({ ...A, superblock: { reshaping: true, reshapeNeedsBackup: true } })],
      ['sda1'],
    ],
    ['a reshape that goes on', [member({ ...A, superblock: { reshaping: true } })], null],
  ];
  for (const [what, members, wanted] of cases) t.strictSame(devices(ask(members)), wanted, what);
});

test('a choice says what it is and what it leaves out', async (t) => {
  const question = ask([aloneA, aloneB]);
  t.match(question, {
    reason: { code: 'split-brain' },
    choices: [
      { events: 110, missingRoles: [1], leavesOut: [{ device: 'sdb1' }] },
      { events: 105, missingRoles: [0], leavesOut: [{ device: 'sda1' }] },
    ],
  });
});

test('one danger after the other; an answer to other members is void', async (t) => {
  const first = ask([aloneA, aloneB])?.choices[0]?.answer ?? null;
  t.ok(
    first?.accepts.has('split-brain') && first.accepts.has('stale'),
    'the choice of a copy settles which one',
  );
  t.notOk(first?.accepts.has('dirty-degraded'));
  t.equal(ask([aloneA, aloneB], first), null, 'answered');
  t.same(devices(ask([aloneA, aloneB, { ...aloneA, device: 'sdz' }], first))?.length, 2, 'another disk came');
});
