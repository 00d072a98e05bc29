import type { BootOptions } from '../configuration/boot-options.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { BootSettings } from '../watchlist/watchlist.ts';
import type { EngineOptions } from './state.ts';

/** An array that cannot be started is waited for at least this long after its deadline, as Debian's own 20 s of 30 s leave. */
const LAST_CHANCE_MS = 10_000;

/** One run of the engine within a boot; times in milliseconds since the kernel started. */
export interface Stage {
  readonly discoveryAtMs: number;
  readonly startedAtMs: number;
  readonly generatorLimitAtMs: number;
  readonly scope: EngineOptions['scope'];
  readonly alreadyTold: ReadonlySet<MdUuid>;
  readonly needsUnlisted: boolean;
  readonly hidesUnlisted: boolean;
}

/** What a stage of a boot tells the engine, from the settings in the image and the kernel command line. */
export function stageOptions(stage: Stage, settings: BootSettings, options: BootOptions): EngineOptions {
  return {
    ...stage,
    noticeAfterMs: settings.noticeAfterMs,
    maxWaitMs: options.maxWaitMs,
    lastChanceMs: LAST_CHANCE_MS,
    waitMs: options.waitMs,
    degraded: options.degraded,
    stale: options.stale,
    startDirty: options.startDirty,
    shellDenied: options.shellDenied,
    answers: new Map(),
  };
}
