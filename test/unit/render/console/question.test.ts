import { test } from 'tap';
import {
  renderChosen,
  renderConfirm,
  renderQuestion,
  renderQuestionKeys,
} from '../../../../src/core/render/console/question.ts';
import type { PresentMember } from '../../../../src/core/snapshot/snapshot.ts';
import { judgeArray } from '../../../../src/core/verdict/judge-array.ts';
import { presenceOf } from '../../../../src/core/verdict/presence.ts';
import { type Question, questionOf } from '../../../../src/core/verdict/question.ts';
import type { UnsafeReason } from '../../../../src/core/verdict/verdict.ts';
import { A, member, seen, watched, watchedMember } from '../../../support/present-members.ts';

const split = [
  member({ number: 0, events: 110, roles: [0, null] }),
  member({ number: 1, events: 105, roles: [null, 1] }),
];
const asked = (members: readonly PresentMember[]): Question => {
  const array = watched([watchedMember(0, 0, 90), watchedMember(1, 1, 90)]);
  const snapshot = seen(...members);
  const question = questionOf(array, snapshot, judgeArray(array, snapshot), null);
  if (question === null) throw new Error('nothing to ask');
  return question;
};
const text = (question: Question, snapshot = seen(...split)) => {
  const array = watched([watchedMember(0, 0, 90)]);
  const { reason, missingRoles } = question;
  return renderQuestion(
    array,
    question,
    presenceOf(array, snapshot, { kind: 'unsafe', reason, missingRoles }),
  );
};

test('each choice by number, with its disks and what it leaves out', async (t) => {
  const lines = text(asked(split)).split('\n');
  t.match(
    lines.find((line) => line.startsWith('  1  ')),
    '110 events',
  );
  t.match(
    lines.find((line) => line.startsWith('  2  ')),
    '105 events',
  );
  t.ok(
    lines.some((line) => /role 0 {2}sda1 .*serial-0/.test(line)),
    'a known disk',
  );
  t.ok(
    lines.some((line) => /role 1 {2}sdb1 /.test(line)),
    'an unknown disk',
  );
  for (const line of lines) t.match(line, /^[ -~]{0,79}$/);
});

test('missing members are named only where the choices do not show them', async (t) => {
  t.notMatch(text(asked(split)), 'waiting for');
  const old = member({ ...A, number: 1, events: 50 });
  t.match(text(asked([old]), seen(old)), /waiting for {2}role 0/);
});

test('what follows differs for each danger, and is said for all that are asked about', async (t) => {
  const { choices, missingRoles } = asked(split);
  const reasons: readonly UnsafeReason[] = [
    { code: 'split-brain', members: [] },
    { code: 'stale', writtenMs: 0, behind: 40, newer: { writtenMs: 1 } },
    { code: 'duplicate-members', devices: ['sda', 'sdb'], role: 0, disk: null },
    { code: 'dirty-degraded' },
    { code: 'journal-missing' },
  ];
  const texts = reasons.map((reason) => text({ choices, missingRoles, reason }).split('\n').slice(-2).join());
  t.equal(new Set(texts).size, reasons.length);
});

test('the keys, with and without a shell', async (t) => {
  t.match(renderQuestionKeys(1, null), '[Return]');
  t.notMatch(renderQuestionKeys(1, { by: 'configuration' }), '[Return]');
  t.match(renderQuestionKeys(3, null), '[3]');
  t.notMatch(renderQuestionKeys(1, null), '[2]');
  const [choice] = asked(split).choices;
  if (choice === undefined) throw new Error('no choice');
  t.match(renderConfirm(1, watched(), choice), /sda1.*\[y\].*\[n\]/);
  t.match(renderChosen(1, watched(), choice), /sda1/);
});
