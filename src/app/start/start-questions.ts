import type { EngineOptions } from '../../core/engine/state.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { memberSet } from '../../core/snapshot/member-set.ts';
import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import type { Answer } from '../../core/verdict/answer.ts';
import { judgeArray } from '../../core/verdict/judge-array.ts';
import { type Presence, presenceOf } from '../../core/verdict/presence.ts';
import { type Question, questionOf } from '../../core/verdict/question.ts';
import type { WatchedArray } from '../../core/watchlist/watchlist.ts';
import type { StartDialogue } from './start-dialogue.ts';

/** What needs no asking: somebody has said so for every array. */
type Accepted = Pick<EngineOptions, 'stale' | 'startDirty'>;

/** The questions of S4-S6 as `reliable-raid start` asks them, and the answers so far. */
export class StartQuestions {
  private readonly answers = new Map<MdUuid, Answer>();
  private readonly asked = new Set<string>();
  private readonly arrays: readonly WatchedArray[];
  private readonly accepted: Accepted;
  private readonly dialogue: StartDialogue;

  constructor(arrays: readonly WatchedArray[], accepted: Accepted, dialogue: StartDialogue) {
    this.arrays = arrays;
    this.accepted = accepted;
    this.dialogue = dialogue;
  }

  /** Asks all that can be asked now; each question is put once. */
  async ask(snapshot: Snapshot): Promise<ReadonlyMap<MdUuid, Answer>> {
    for (const array of this.arrays) {
      for (let open = this.open(array, snapshot); open !== null; open = this.open(array, snapshot)) {
        this.asked.add(this.key(array, open.question, snapshot));
        const choice = await this.dialogue.choose(array, open.question, open.presence);
        if (choice === null) break;
        this.answers.set(array.uuid, choice.answer);
      }
    }
    return this.answers;
  }

  hasMore(snapshot: Snapshot): boolean {
    return this.arrays.some((array) => this.open(array, snapshot) !== null);
  }

  private open(
    array: WatchedArray,
    snapshot: Snapshot,
  ): { readonly question: Question; readonly presence: Presence } | null {
    const answer = this.answers.get(array.uuid) ?? null;
    const verdict = judgeArray(array, snapshot, { ...this.accepted, answer });
    const question = questionOf(array, snapshot, verdict, answer);
    if (question === null || this.asked.has(this.key(array, question, snapshot))) return null;
    return { question, presence: presenceOf(array, snapshot, verdict, answer) };
  }

  private key(array: WatchedArray, { reason }: Question, snapshot: Snapshot): string {
    return `${array.uuid} ${reason.code} ${memberSet(snapshot, array.uuid)}`;
  }
}
