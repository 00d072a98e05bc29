import { test } from 'tap';
import { startDialogue } from '../../../../src/cli/commands/start-dialogue.ts';
import { judgeArray } from '../../../../src/core/verdict/judge-array.ts';
import { presenceOf } from '../../../../src/core/verdict/presence.ts';
import { questionOf } from '../../../../src/core/verdict/question.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';
import { member, seen, watched } from '../../../support/present-members.ts';

const SPLIT = seen(
  member({ number: 0, events: 110, roles: [0, null] }),
  member({ number: 1, events: 105, roles: [null, 1] }),
);
const VERDICT = judgeArray(watched(), SPLIT);
const QUESTION = questionOf(watched(), SPLIT, VERDICT, null);
const PRESENCE = presenceOf(watched(), SPLIT, VERDICT);

function dialogueOf(choices: readonly number[], typed: readonly (string | null)[]) {
  const lines = [...typed];
  const prompts: string[] = [];
  const said: string[] = [];
  const errors: string[] = [];
  const operator = {
    ask: async (prompt: string) => {
      prompts.push(prompt);
      return lines.shift() ?? null;
    },
  };
  const output = {
    out: (text: string) => void said.push(text),
    err: (text: string) => void errors.push(text),
  };
  const dialogue = startDialogue(operator, choices, output);
  const choose = async (): Promise<string> => {
    if (QUESTION === null) throw new Error('nothing to ask');
    const choice = await dialogue.choose(watched(), QUESTION, PRESENCE);
    return [...(choice?.answer.devices ?? [])].join();
  };
  return { dialogue, choose, prompts, said, errors };
}

test('a choice is typed and confirmed, or given beforehand; anything else starts nothing', async (t) => {
  const cases: readonly [
    what: string,
    choices: readonly number[],
    typed: readonly (string | null)[],
    wanted: string,
  ][] = [
    ['typed', [], ['2', 'y'], 'sdb1'],
    ['with blanks, in full', [], [' 1 ', ' YES '], 'sda1'],
    ['not confirmed', [], ['1', 'n'], ''],
    ['not confirmed by Return', [], ['1', ''], ''],
    ['Return', [], [''], ''],
    ['no such choice', [], ['3', 'y'], ''],
    ['not a number', [], ['1x', 'y'], ''],
    ['nobody there', [], [null], ''],
    ['gone at the confirmation', [], ['1', null], ''],
    ['given', [2], [], 'sdb1'],
    ['given wrongly', [3], ['1', 'y'], ''],
  ];
  for (const [what, choices, typed, wanted] of cases)
    t.equal(await dialogueOf(choices, typed).choose(), wanted, what);
});

test('what was given answers the first questions without a prompt; a wrong one is an error', async (t) => {
  const { choose, prompts, said } = dialogueOf([2], ['1', 'y']);
  t.equal(await choose(), 'sdb1');
  t.same(prompts, []);
  t.match(said.join('\n'), 'sdb1, as chosen (2)');
  t.equal(await choose(), 'sda1', 'then a person is asked');
  t.equal(prompts.length, 2);
  const wrong = dialogueOf([3], ['1', 'y']);
  await wrong.choose();
  t.match(wrong.errors, [/no choice 3/]);
  t.same(wrong.prompts, []);
});

test('where nobody can be asked: how to choose', async (t) => {
  const { choose, said } = dialogueOf([], [null]);
  await choose();
  t.match(said.at(-1), /start --copy NUMBER/);
});

test('the list has every array', async (t) => {
  const { dialogue, said } = dialogueOf([], []);
  const watchlist = sampleWatchlist(2);
  dialogue.list(watchlist, seen(), 'ask');
  for (const { uuid } of watchlist.arrays) t.match(said.join('\n'), uuid);
});
