import {
  MAX_DESCRIBED,
  renderCountdown,
  renderKeys,
  renderNotice,
  renderNotStartable,
} from '../render/console/boot-messages.ts';
import { arrayLabel } from '../render/labels.ts';
import { lastWrittenMs } from '../verdict/judge-array.ts';
import { deadlineAtMs, handoverAtMs } from './deadlines.ts';
import { type Effect, record } from './effects.ts';
import { type EngineState, progressOf, type Step, withProgress } from './state.ts';
import { policyOf, type Waiting } from './waiting.ts';

/** Says once for each array what it waits for and what will happen; the keys count from then on. */
export function giveNotices(
  state: EngineState,
  waiting: readonly Waiting[],
  nowMs: number,
  effects: Effect[],
): EngineState {
  const { options } = state;
  let next = state;
  let described = 0;
  let hidden = 0;
  let canStart = false;
  const texts: string[] = [];
  for (const { array, verdict, willStart, due, question } of waiting) {
    const progress = progressOf(next, array.uuid);
    const zero = progress.waitBeganAtMs;
    const needsKey = verdict.kind === 'startable' && policyOf(array, state) === 'ask';
    if (zero === null || progress.noticed || progress.saidNotStartable !== null || question !== null)
      continue;
    if (due && !needsKey) continue;
    if (nowMs < zero + options.noticeAfterMs) continue;
    next = withProgress(next, array.uuid, { noticed: true });
    effects.push(record({ atMs: nowMs, kind: 'notice', array: array.uuid }));
    canStart ||= willStart || needsKey;
    if (described++ >= MAX_DESCRIBED) {
      hidden++;
      continue;
    }
    const leftMs = (deadlineAtMs(array, progress, options) ?? nowMs) - nowMs;
    texts.push(
      renderNotice(
        array,
        verdict,
        nowMs - zero,
        leftMs,
        policyOf(array, state),
        lastWrittenMs(array, state.snapshot),
      ),
    );
  }
  if (texts.length === 0) return next;
  if (hidden > 0) texts.push(`  ... and ${hidden} more arrays.`);
  texts.push(renderKeys(canStart, options.shellDenied));
  effects.push({ kind: 'countdown', line: null }, { kind: 'show', text: texts.join('\n') });
  return { ...next, countdown: null };
}

/** Says once, and again when it changes, why an array whose wait is over is not started. */
export function tellNotStartable(
  state: EngineState,
  waiting: readonly Waiting[],
  nowMs: number,
  effects: Effect[],
): EngineState {
  let next = state;
  for (const { array, verdict, due, willStart, question } of waiting) {
    const progress = progressOf(next, array.uuid);
    if (!due || willStart) continue;
    const why = progress.phase.kind === 'failed' ? progress.phase.why : null;
    const text = renderNotStartable(array, verdict, why);
    if (progress.saidNotStartable === text) continue;
    // The question has said it already, or says it next.
    const silent = progress.saidNotStartable === 'earlier' || question !== null;
    // A key that could not be obeyed is spent: the wait that was left goes on.
    next = withProgress(next, array.uuid, { saidNotStartable: text, noticed: true, startNow: false });
    effects.push(record({ atMs: nowMs, kind: 'not-startable', array: array.uuid, text }));
    if (!silent) effects.push({ kind: 'countdown', line: null }, { kind: 'show', text });
  }
  return next;
}

/** Redraws the countdown when it has changed. */
export function showCountdown(
  state: EngineState,
  waiting: readonly Waiting[],
  nowMs: number,
  effects: Effect[],
): Step {
  const line = countdownLine(state, waiting, nowMs);
  if (line === state.countdown) return { state, effects };
  return { state: { ...state, countdown: line }, effects: [...effects, { kind: 'countdown', line }] };
}

function countdownLine(state: EngineState, waiting: readonly Waiting[], nowMs: number): string | null {
  const told = waiting.filter(({ array }) => progressOf(state, array.uuid).noticed);
  if (told.length === 0) return null;
  const open = told.filter(({ due }) => !due);
  if (open.length === 0) {
    const arrays = told.map(({ array }) => array);
    return renderCountdown('give-up', handoverAtMs(arrays, state) - nowMs, arrays.map(arrayLabel));
  }
  const starting = open.filter(({ willStart }) => willStart);
  const shown = starting.length > 0 ? starting : open;
  const lefts = shown.map(
    ({ array }) => (deadlineAtMs(array, progressOf(state, array.uuid), state.options) ?? nowMs) - nowMs,
  );
  return renderCountdown(
    starting.length > 0 ? 'start' : 'wait',
    Math.min(...lefts),
    shown.map(({ array }) => arrayLabel(array)),
  );
}
