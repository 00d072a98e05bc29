import type { MdUuid } from '../../core/md/md-uuid.ts';
import { renderChosen, renderConfirm, renderQuestion } from '../../core/render/console/question.ts';
import { arrayLabel } from '../../core/render/labels.ts';
import { memberSet } from '../../core/snapshot/member-set.ts';
import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import { wrap } from '../../core/text/lines.ts';
import type { Answer } from '../../core/verdict/answer.ts';
import { judgeArray } from '../../core/verdict/judge-array.ts';
import { type Question, questionOf } from '../../core/verdict/question.ts';
import type { WatchedArray } from '../../core/watchlist/watchlist.ts';
import type { Operator } from '../../ports/operator.ts';
import type { Output } from '../output.ts';

/** The questions of S4-S6 as `reliable-raid start` asks them: on the terminal, or answered beforehand by `--copy`. */
export class StartQuestions {
  private readonly answers = new Map<MdUuid, Answer>();
  private readonly asked = new Set<string>();
  private readonly choices: number[];
  private readonly arrays: readonly WatchedArray[];
  private readonly stale: 'ask' | 'start';
  private readonly operator: Operator;
  private readonly output: Output;

  constructor(
    arrays: readonly WatchedArray[],
    stale: 'ask' | 'start',
    choices: readonly number[],
    operator: Operator,
    output: Output,
  ) {
    this.arrays = arrays;
    this.stale = stale;
    this.choices = [...choices];
    this.operator = operator;
    this.output = output;
  }

  /** Asks all that can be asked now; each question is put once. */
  async ask(snapshot: Snapshot): Promise<ReadonlyMap<MdUuid, Answer>> {
    for (const array of this.arrays) {
      for (let open = this.open(array, snapshot); open !== null; open = this.open(array, snapshot)) {
        this.asked.add(this.key(array, open, snapshot));
        const answer = await this.put(array, open);
        if (answer === null) break;
        this.answers.set(array.uuid, answer);
      }
    }
    return this.answers;
  }

  hasMore(snapshot: Snapshot): boolean {
    return this.arrays.some((array) => this.open(array, snapshot) !== null);
  }

  private open(array: WatchedArray, snapshot: Snapshot): Question | null {
    const answer = this.answers.get(array.uuid) ?? null;
    const verdict = judgeArray(array, snapshot, { stale: this.stale, answer });
    const question = questionOf(array, snapshot, verdict, answer);
    return question === null || this.asked.has(this.key(array, question, snapshot)) ? null : question;
  }

  private key(array: WatchedArray, { reason }: Question, snapshot: Snapshot): string {
    return `${array.uuid} ${reason.code} ${memberSet(snapshot, array.uuid)}`;
  }

  private async put(array: WatchedArray, question: Question): Promise<Answer | null> {
    this.output.out(renderQuestion(array, question));
    const number = this.choices.shift() ?? (await this.typedNumber(array, question));
    const choice = number === null ? undefined : question.choices[number - 1];
    if (number === null || choice === undefined) {
      if (number !== null) this.output.err(`reliable-raid: there is no choice ${number}; nothing is started`);
      return null;
    }
    this.output.out(renderChosen(number, array, choice));
    return choice.answer;
  }

  private async typedNumber(array: WatchedArray, question: Question): Promise<number | null> {
    const { length } = question.choices;
    const typed = await this.operator.ask(`Which one? [1${length > 1 ? `-${length}` : ''}, Return: none] `);
    if (typed === null) {
      this.output.out(
        wrap(
          `Nobody can be asked here. To choose: reliable-raid start --copy NUMBER ${arrayLabel(array)}`,
        ).join('\n'),
      );
      return null;
    }
    const number = /^[1-9]$/.test(typed.trim()) ? Number(typed.trim()) : null;
    const choice = number === null ? undefined : question.choices[number - 1];
    if (number === null || choice === undefined) {
      this.output.out('  Not started.');
      return null;
    }
    const confirmed = await this.operator.ask(`${renderConfirm(number, array, choice)} `);
    if (confirmed !== null && /^y(es)?$/i.test(confirmed.trim())) return number;
    this.output.out('  Not started.');
    return null;
  }
}
