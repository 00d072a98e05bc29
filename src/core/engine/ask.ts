import {
  renderChosen,
  renderConfirm,
  renderQuestion,
  renderQuestionKeys,
} from '../render/console/question.ts';
import { type Effect, record } from './effects.ts';
import type { EngineEvent } from './events.ts';
import { type EngineState, type OpenQuestion, progressOf, type Step, withProgress } from './state.ts';
import type { Waiting } from './waiting.ts';

/**
 * Keeps one question on the consoles: the first array that only a person can decide about, from its notice on. It is taken
 * away when its array runs or no longer needs an answer, and put anew when what is known of the copies has changed.
 */
export function askOne(
  state: EngineState,
  waiting: readonly Waiting[],
  nowMs: number,
  effects: Effect[],
): EngineState {
  const asked = waiting.find(({ array, question, due }) => {
    const { waitBeganAtMs } = progressOf(state, array.uuid);
    // One that was asked and not answered earlier in this boot is left to `reliable-raid start`.
    if (state.options.alreadyTold.has(array.uuid)) return false;
    return (
      question !== null &&
      waitBeganAtMs !== null &&
      (due || nowMs >= waitBeganAtMs + state.options.noticeAfterMs)
    );
  });
  if (asked === undefined || asked.question === null)
    return state.question === null ? state : { ...state, question: null };
  const { array, question } = asked;
  const text = renderQuestion(array, question);
  const open = state.question;
  if (open !== null && open.uuid === array.uuid && open.text === text)
    return { ...state, question: { ...open, question } };
  effects.push(
    record({ atMs: nowMs, kind: 'asked', array: array.uuid, text: question.reason.text }),
    { kind: 'countdown', line: null },
    {
      kind: 'show',
      text: `${text}\n${renderQuestionKeys(question.choices.length, state.options.shellDenied)}`,
    },
  );
  const askedAtMs = progressOf(state, array.uuid).askedAtMs ?? nowMs;
  const next = withProgress(state, array.uuid, { askedAtMs, noticed: true });
  return { ...next, countdown: null, question: { uuid: array.uuid, question, text, picked: null } };
}

/** A digit picks, `y` confirms, any other key that means something takes it back. Null when the key is not meant for the question. */
export function takeAnswerKey(state: EngineState, event: EngineEvent & { kind: 'key' }): Step | null {
  const open = state.question;
  if (open === null) return null;
  const array = state.watchlist.arrays.find(({ uuid }) => uuid === open.uuid);
  if (array === undefined) return null;
  const say = (text: string): readonly Effect[] => [
    { kind: 'countdown', line: null },
    { kind: 'show', text },
  ];
  const pick = (picked: OpenQuestion['picked']): EngineState => ({
    ...state,
    countdown: null,
    question: { ...open, picked },
  });
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : null;
  const wanted = digit === null ? undefined : open.question.choices[digit - 1];
  if (digit !== null && wanted !== undefined)
    return { state: pick(digit - 1), effects: say(renderConfirm(digit, array, wanted)) };
  const picked = open.picked === null ? undefined : open.question.choices[open.picked];
  if (open.picked === null || picked === undefined) return null;
  if (event.key !== 'y') return { state: pick(null), effects: say('  Not started.') };

  const number = open.picked + 1;
  const answered = withProgress({ ...state, countdown: null, question: null }, array.uuid, {
    answer: picked.answer,
    saidNotStartable: null,
    phase: { kind: 'waiting' },
  });
  return {
    state: answered,
    effects: [
      record({
        atMs: event.atMs,
        kind: 'answered',
        array: array.uuid,
        text: `${number} on ${event.console}: ${[...picked.answer.devices].join(' ')}`,
      }),
      ...say(renderChosen(number, array, picked)),
    ],
  };
}
