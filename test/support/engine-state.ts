import {
  type ArrayProgress,
  type EngineOptions,
  type EngineState,
  initialState,
  withProgress,
} from '../../src/core/engine/state.ts';
import type { Superblock } from '../../src/core/md/superblock.ts';
import type { PresentArray, PresentMember } from '../../src/core/snapshot/snapshot.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../src/core/watchlist/watchlist.ts';
import { type ArrayPlan, DEFAULT_OPTIONS, superblockOf, uuidOf } from './simulated-boot.ts';

// The engine in the middle of a boot: in whatever state a test puts it.

interface StateFacts {
  readonly options?: Partial<EngineOptions>;
  readonly members?: readonly PresentMember[];
  readonly present?: readonly PresentArray[];
  /** In the order of the arrays. */
  readonly progress?: readonly Partial<ArrayProgress>[];
  readonly more?: Partial<EngineState>;
}

/** After its first look, with these arrays on its watchlist. */
export function engineState(
  arrays: readonly WatchedArray[],
  { options = {}, members = [], present = [], progress = [], more = {} }: StateFacts = {},
): EngineState {
  const watchlist: Watchlist = {
    schema: WATCHLIST_SCHEMA,
    hostName: 'test',
    settings: DEFAULT_SETTINGS,
    arrays,
    tree: [],
    warnings: [],
  };
  const state: EngineState = {
    ...initialState(watchlist, { ...DEFAULT_OPTIONS, ...options }),
    snapshot: { members, arrays: present },
    looked: true,
    ...more,
  };
  return arrays.reduce((next, { uuid }, n) => withProgress(next, uuid, progress[n] ?? {}), state);
}

/** Its member of that role, as `sN.ROLE`. */
export const memberOf = (
  plan: ArrayPlan,
  role: number,
  boundTo: string | null = null,
  superblock: Partial<Superblock> = {},
): PresentMember => ({
  device: `s${plan.n}.${role}`,
  superblock: { ...superblockOf(plan, role), ...superblock },
  boundTo,
  faulty: false,
});

/** Its md device, as `mdN`. */
export const mdOf = ({ n }: ArrayPlan, more: Partial<PresentArray> = {}): PresentArray => ({
  ...{ device: `md${n}`, state: 'read-auto', external: false, deadMembers: [] },
  ...{ uuid: uuidOf(n), degraded: 0 },
  ...more,
});
