import type { ShellDenial } from '../configuration/shell-denial.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { Outcome, StartFailure } from '../report/timeline.ts';
import { EMPTY_SNAPSHOT, type Snapshot } from '../snapshot/snapshot.ts';
import type { Answer } from '../verdict/answer.ts';
import type { Question } from '../verdict/question.ts';
import type { WatchedArray, Watchlist } from '../watchlist/watchlist.ts';
import type { CommandEffect, Effect } from './effects.ts';
import type { Countdown } from './messages.ts';
import type { OtherArrays } from './other-arrays.ts';

/** What one run of the engine is told besides the watchlist. */
export interface EngineOptions {
  /** When device discovery began: the zero of layer 0. */
  readonly discoveryAtMs: number;
  readonly startedAtMs: number;
  /** When the generator itself gives up; before that nothing is handed over to it. */
  readonly generatorLimitAtMs: number;
  /** `before-passphrase` looks only at arrays that stand on nothing locked. */
  readonly scope: 'before-passphrase' | 'all';
  readonly noticeAfterMs: number;
  readonly maxWaitMs: number;
  /** How long after its deadline an array that cannot be started is still waited for, at least. */
  readonly lastChanceMs: number;
  /** Replaces every array's own wait (`reliable_raid.wait=`). */
  readonly waitMs: number | null;
  readonly degraded: WatchedArray['degraded'] | null;
  readonly stale: 'ask' | 'start';
  /** An administrator has told md to start arrays that are dirty and degraded. */
  readonly startDirty: boolean;
  /** Something is needed before root that could not be followed when the image was built (a keyscript). */
  readonly needsUnlisted: boolean;
  /** The image hands only listed arrays to mdadm: the others are in sight once it has been told to take them as well. */
  readonly hidesUnlisted: boolean;
  /** Null when a rescue shell may be opened, else why not. */
  readonly shellDenied: ShellDenial | null;
  /** Arrays whose inability to start was said by an earlier run of this boot. */
  readonly alreadyTold: ReadonlySet<MdUuid>;
  /** What a person has chosen already, where it was asked before this run. */
  readonly answers: ReadonlyMap<MdUuid, Answer>;
  /** Only after the boot image: every array that does not run is looked after; the consoles belong to others but while systemd holds the boot. */
  readonly others?: OtherArrays;
}

/** The question that is on the consoles; one at a time. */
export interface OpenQuestion {
  readonly uuid: MdUuid;
  readonly question: Question;
  /** The facts that were shown: asked again when they have changed. */
  readonly key: string;
  /** The choice that was typed and not confirmed yet, counted from 0. */
  readonly picked: number | null;
}

export type Phase =
  | { readonly kind: 'waiting' }
  /** One of the start's commands is under way. `degraded`: members were missing when it began. */
  | { readonly kind: 'starting'; readonly degraded: boolean }
  /** A start failed with these members; another set of members is another try. */
  | { readonly kind: 'failed'; readonly withMembers: string; readonly failure: StartFailure }
  | { readonly kind: 'up' };

export interface ArrayProgress {
  /** Start of its own wait; null until what it stands on is settled. */
  readonly waitBeganAtMs: number | null;
  /** Where that is the wait of one below that never came: when it had ended; else null. */
  readonly watchedFromMs: number | null;
  /** Members seen so far, as `device/deviceUuid`; null before the first look. */
  readonly seen: ReadonlySet<string> | null;
  /** Kernel names of the devices that came after the first look. */
  readonly came: ReadonlySet<string>;
  /** Last arrival after the first look, of a member that is not on another array. */
  readonly lastArrivalAtMs: number | null;
  /** Since then every member is present, yet it does not run. */
  readonly completeSinceMs: number | null;
  /** A person asked for it to be started now. */
  readonly startNow: boolean;
  readonly noticed: boolean;
  /** What the notice said of it; null while there was none. */
  readonly noticedAs: string | null;
  /** That it cannot be started was said, for these facts; `earlier`: by an earlier run. */
  readonly saidNotStartable: string | null;
  /** What a person chose for it, while the members are those that were shown. */
  readonly answer: Answer | null;
  /** When a person was first asked about it. */
  readonly askedAtMs: number | null;
  /** Starts begun in this run. */
  readonly attempts: number;
  readonly phase: Phase;
}

export interface EngineState {
  /** As in the image, and behind it the arrays that were adopted. */
  readonly watchlist: Watchlist;
  /** Arrays that the image does not list and that are looked after all the same (S15). */
  readonly adopted: ReadonlySet<MdUuid>;
  readonly options: EngineOptions;
  readonly snapshot: Snapshot;
  /** Whether a first snapshot has come: nothing is decided before. */
  readonly looked: boolean;
  readonly progress: ReadonlyMap<MdUuid, ArrayProgress>;
  readonly inFlight: CommandEffect | null;
  /** Something was started since udev last settled. */
  readonly unsettled: boolean;
  readonly paused: { readonly by: 'passphrase' | 'shell'; readonly sinceMs: number } | null;
  /** People at the consoles are told, asked and heard. */
  readonly attended: boolean;
  readonly question: OpenQuestion | null;
  /** As it was last drawn. */
  readonly countdown: Countdown | null;
  readonly outcome: Outcome | null;
}

/** A state and what is to be done on the way to it. */
export interface Step {
  readonly state: EngineState;
  readonly effects: readonly Effect[];
}

/** The state alone, with nothing to do. */
export const unchanged = (state: EngineState): Step => ({ state, effects: [] });

/** Goes on from where a step ends; what is to be done comes in that order. */
export function andThen({ state, effects }: Step, go: (state: EngineState) => Step): Step {
  const next = go(state);
  return { state: next.state, effects: [...effects, ...next.effects] };
}

/** Each of them in turn. */
export function forEach<T>(
  state: EngineState,
  items: readonly T[],
  go: (state: EngineState, item: T) => Step,
): Step {
  let next = state;
  const effects: Effect[] = [];
  for (const item of items) {
    const step = go(next, item);
    next = step.state;
    effects.push(...step.effects);
  }
  return { state: next, effects };
}

const NEW_PROGRESS: ArrayProgress = {
  waitBeganAtMs: null,
  watchedFromMs: null,
  seen: null,
  came: new Set(),
  lastArrivalAtMs: null,
  completeSinceMs: null,
  startNow: false,
  noticed: false,
  noticedAs: null,
  saidNotStartable: null,
  answer: null,
  askedAtMs: null,
  attempts: 0,
  phase: { kind: 'waiting' },
};

export function initialState(watchlist: Watchlist, options: EngineOptions): EngineState {
  const progress = new Map<MdUuid, ArrayProgress>();
  for (const array of watchlist.arrays) {
    const saidNotStartable = options.alreadyTold.has(array.uuid) ? 'earlier' : null;
    const answer = options.answers.get(array.uuid) ?? null;
    progress.set(array.uuid, { ...NEW_PROGRESS, saidNotStartable, answer });
  }
  return {
    watchlist,
    adopted: new Set(),
    options,
    snapshot: EMPTY_SNAPSHOT,
    looked: false,
    progress,
    inFlight: null,
    unsettled: false,
    paused: null,
    attended: options.others === undefined,
    question: null,
    countdown: null,
    outcome: null,
  };
}

/** The listed arrays that this run looks after, lowest layer first. */
export function arraysInScope(state: EngineState): readonly WatchedArray[] {
  const all = state.watchlist.arrays;
  return state.options.scope === 'all' ? all : all.filter((array) => !array.behindPassphrase);
}

/** What a keyscript or a script of an administrator needs cannot be seen: whether the awaited source is there tells nothing then. */
export const isBlind = ({ options }: EngineState): boolean =>
  options.scope === 'before-passphrase' && options.needsUnlisted;

export function progressOf(state: EngineState, uuid: MdUuid): ArrayProgress {
  return state.progress.get(uuid) ?? NEW_PROGRESS;
}

export function withProgress(state: EngineState, uuid: MdUuid, change: Partial<ArrayProgress>): EngineState {
  const progress = new Map(state.progress);
  progress.set(uuid, { ...progressOf(state, uuid), ...change });
  return { ...state, progress };
}
