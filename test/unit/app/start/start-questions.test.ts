import { test } from 'tap';
import type { StartDialogue } from '../../../../src/app/start/start-dialogue.ts';
import { StartQuestions } from '../../../../src/app/start/start-questions.ts';
import type { Question } from '../../../../src/core/verdict/question.ts';
import { member, seen, watched } from '../../../support/present-members.ts';

const SPLIT = seen(
  member({ number: 0, events: 110, roles: [0, null] }),
  member({ number: 1, events: 105, roles: [null, 1] }),
);

/** Someone who chooses these, counted from 1, and then nothing. */
function questions(...choices: readonly (number | null)[]) {
  const given = [...choices];
  const put: Question[] = [];
  const dialogue: StartDialogue = {
    list: () => undefined,
    choose: async (_, question) => {
      put.push(question);
      return question.choices[(given.shift() ?? 0) - 1] ?? null;
    },
    say: () => undefined,
  };
  return { asking: new StartQuestions([watched()], { stale: 'ask', startDirty: false }, dialogue), put };
}

test('what is chosen is the answer; nothing chosen is none', async (t) => {
  const chosen = async (choice: number | null): Promise<string> => {
    const answers = await questions(choice).asking.ask(SPLIT);
    return [...answers.values()].flatMap(({ devices }) => [...devices]).join();
  };
  t.equal(await chosen(1), 'sda1');
  t.equal(await chosen(2), 'sdb1');
  t.equal(await chosen(null), '');
});

test('a choice that leaves another danger is asked about again, and the answers add up', async (t) => {
  const dirty = { level: 5, raidDevices: 3, superblock: { clean: false } };
  const twin = member({ number: 0, events: 100, roles: [0, 1, null], ...dirty });
  const twins = seen(
    twin,
    { ...twin, device: 'sdz' },
    member({ number: 1, events: 100, roles: [0, 1, null], ...dirty }),
  );
  const { asking, put } = questions(1, 1);
  const answers = await asking.ask(twins);
  t.same(
    put.map(({ reason }) => reason.code),
    ['duplicate-members', 'dirty-degraded'],
  );
  t.match([...answers.values()], [{ accepts: new Set(['dirty-degraded']) }]);
});

test('each question is put once, until the members are others', async (t) => {
  const { asking, put } = questions();
  t.equal(asking.hasMore(SPLIT), true);
  await asking.ask(SPLIT);
  await asking.ask(SPLIT);
  t.equal(put.length, 1);
  t.equal(asking.hasMore(SPLIT), false);
  t.equal(
    asking.hasMore(seen(...SPLIT.members.map((each) => ({ ...each, device: `${each.device}x` })))),
    true,
  );
});
