import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import type { Presence } from '../../core/verdict/presence.ts';
import type { Choice, Question } from '../../core/verdict/question.ts';
import type { WatchedArray, Watchlist } from '../../core/watchlist/watchlist.ts';

/** The person who starts arrays by hand, while that goes on. */
export interface StartDialogue {
  /** Shows the listed arrays and what they are made of now. */
  list(watchlist: Watchlist, snapshot: Snapshot, stale: 'ask' | 'start'): void;
  /** Puts a question; null when nothing was chosen. */
  choose(array: WatchedArray, question: Question, presence: Presence): Promise<Choice | null>;
  /** A line of the engine's. */
  say(line: string): void;
}
