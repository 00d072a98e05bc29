import { test } from 'tap';
import { StartQuestions } from '../../../../src/app/start/start-questions.ts';
import { member, seen, watched } from '../../../support/present-members.ts';

const SPLIT = seen(
  member({ number: 0, events: 110, roles: [0, null] }),
  member({ number: 1, events: 105, roles: [null, 1] }),
);

function questions(choices: readonly number[], typed: readonly (string | null)[], array = watched()) {
  const lines = [...typed];
  const prompts: string[] = [];
  const said: string[] = [];
  const operator = {
    ask: async (prompt: string) => {
      prompts.push(prompt);
      return lines.shift() ?? null;
    },
  };
  const say = (text: string) => void said.push(text);
  return {
    asking: new StartQuestions([array], 'ask', choices, operator, { out: say, err: say }),
    prompts,
    said,
  };
}
async function chosen(choices: readonly number[], typed: readonly (string | null)[]): Promise<string> {
  const { asking } = questions(choices, typed);
  const answers = await asking.ask(SPLIT);
  return [...answers.values()].flatMap(({ devices }) => [...devices]).join();
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
  for (const [what, choices, typed, wanted] of cases) t.equal(await chosen(choices, typed), wanted, what);
});

test('each question is put once, until the members are others', async (t) => {
  const { asking, prompts } = questions([], ['', '']);
  t.equal(asking.hasMore(SPLIT), true);
  await asking.ask(SPLIT);
  await asking.ask(SPLIT);
  t.equal(prompts.length, 1);
  t.equal(asking.hasMore(SPLIT), false);
  t.equal(
    asking.hasMore(seen(...SPLIT.members.map((each) => ({ ...each, device: `${each.device}x` })))),
    true,
  );
});
