import type { Output } from '../../app/output.ts';
import type { StartDialogue } from '../../app/start/start-dialogue.ts';
import { renderListing } from '../../core/render/console/listing.ts';
import { renderChosen, renderConfirm, renderQuestion } from '../../core/render/console/question.ts';
import { arrayLabel } from '../../core/render/labels.ts';
import { wrap } from '../../core/text/lines.ts';
import type { Choice, Question } from '../../core/verdict/question.ts';
import type { WatchedArray } from '../../core/watchlist/watchlist.ts';
import type { Operator } from '../../ports/operator.ts';

/** `start` as a person reads and answers it. `choices`, from `--copy`, answer the first questions, counted from 1. */
export function startDialogue(operator: Operator, choices: readonly number[], output: Output): StartDialogue {
  const given = [...choices];
  return {
    list: (watchlist, snapshot, stale) => output.out(renderListing(watchlist, snapshot, stale)),
    choose: async (array, question, presence) => {
      output.out(renderQuestion(array, question, presence));
      const number = given.shift() ?? (await typedNumber(array, question, operator, output));
      if (number === null) return null;
      const choice = choiceOf(question, number);
      if (choice === null) output.err(`reliable-raid: there is no choice ${number}; nothing is started`);
      else output.out(renderChosen(number, array, choice));
      return choice;
    },
    say: output.out,
  };
}

const choiceOf = ({ choices }: Question, number: number): Choice | null => choices[number - 1] ?? null;

async function typedNumber(
  array: WatchedArray,
  question: Question,
  operator: Operator,
  output: Output,
): Promise<number | null> {
  const { length } = question.choices;
  const typed = await operator.ask(`Which one? [1${length > 1 ? `-${length}` : ''}, Return: none] `);
  if (typed === null) {
    const command = `reliable-raid start --copy NUMBER ${arrayLabel(array)}`;
    output.out(wrap(`There is no terminal to ask on. Choose with: ${command}`).join('\n'));
    return null;
  }
  const number = /^[1-9]$/.test(typed.trim()) ? Number(typed.trim()) : 0;
  const choice = choiceOf(question, number);
  if (choice !== null) {
    const confirmed = await operator.ask(`${renderConfirm(number, array, choice)} `);
    if (confirmed !== null && /^y(es)?$/i.test(confirmed.trim())) return number;
  }
  output.out('  Not started.');
  return null;
}
