import type { ReportedChoice } from '../report/timeline.ts';
import type { PresentMember } from '../snapshot/snapshot.ts';
import { presenceOf } from '../verdict/presence.ts';
import type { Choice, Question } from '../verdict/question.ts';
import { record, sayAlone } from './effects.ts';
import type { EngineEvent } from './events.ts';
import {
  type EngineState,
  type OpenQuestion,
  progressOf,
  type Step,
  unchanged,
  withProgress,
} from './state.ts';
import type { Waiting } from './waiting.ts';

/**
 * Keeps one question on the consoles: the first array that only a person can decide about, from its notice on. It is taken
 * away when its array runs or no longer needs an answer, and put anew when what is known of the copies has changed.
 */
export function askOne(state: EngineState, waiting: readonly Waiting[], nowMs: number): Step {
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
    return unchanged(state.question === null ? state : { ...state, question: null });
  const { array, question, verdict } = asked;
  const key = keyOf(question);
  const open = state.question;
  if (open !== null && open.uuid === array.uuid && open.key === key)
    return unchanged({ ...state, question: { ...open, question } });
  const askedAtMs = progressOf(state, array.uuid).askedAtMs ?? nowMs;
  const next = withProgress(state, array.uuid, { askedAtMs, noticed: true });
  const { shellDenied } = state.options;
  const presence = presenceOf(array, state.snapshot, verdict, progressOf(state, array.uuid).answer);
  return {
    state: { ...next, countdown: null, question: { uuid: array.uuid, question, key, picked: null } },
    effects: [
      record({
        atMs: nowMs,
        kind: 'asked',
        array: array.uuid,
        reason: question.reason.code,
        choices: question.choices.map(reported),
      }),
      ...sayAlone({ kind: 'question', array, question, presence, shellDenied }),
    ],
  };
}

/** What the question says. */
const keyOf = ({ reason, missingRoles, choices }: Question): string =>
  JSON.stringify([
    reason,
    missingRoles,
    choices.map((choice) => [
      reported(choice),
      choice.members.map(({ superblock }) => [superblock.role, superblock.deviceUuid]),
      devicesOf(choice.leavesOut),
    ]),
  ]);

const reported = ({ members, events, updateTimeMs, missingRoles }: Choice): ReportedChoice => ({
  devices: devicesOf(members),
  events,
  writtenMs: updateTimeMs,
  missingRoles,
});

const devicesOf = (members: readonly PresentMember[]): string[] => members.map(({ device }) => device);

/** A digit picks, `y` confirms, any other key that means something takes it back. Null when the key is not meant for the question. */
export function takeAnswerKey(state: EngineState, event: EngineEvent & { kind: 'key' }): Step | null {
  const open = state.question;
  if (open === null) return null;
  const array = state.watchlist.arrays.find(({ uuid }) => uuid === open.uuid);
  if (array === undefined) return null;
  const pick = (picked: OpenQuestion['picked']): EngineState => ({
    ...state,
    countdown: null,
    question: { ...open, picked },
  });
  const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : null;
  const wanted = digit === null ? undefined : open.question.choices[digit - 1];
  if (digit !== null && wanted !== undefined)
    return {
      state: pick(digit - 1),
      effects: sayAlone({ kind: 'confirm', array, number: digit, choice: wanted }),
    };
  const picked = open.picked === null ? undefined : open.question.choices[open.picked];
  if (open.picked === null || picked === undefined) return null;
  if (event.key !== 'y') return { state: pick(null), effects: sayAlone({ kind: 'withdrawn', array }) };

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
        choice: number,
        console: event.console,
        devices: [...picked.answer.devices],
      }),
      ...sayAlone({ kind: 'chosen', array, number, choice: picked }),
    ],
  };
}
