import type { TimedDevice } from '../configuration/mounted-arrays.ts';
import { deviceUnit, taggedPath } from '../text/device-unit.ts';
import type { BlockGraph } from '../topology/block-graph.ts';
import { arraysAmong, reachFrom } from '../topology/reach.ts';
import { parseSourceSpec } from '../topology/source-spec.ts';
import type { DegradedPolicy } from '../watchlist/watchlist.ts';
import type { Demand } from './mount-demands.ts';

/** DefaultDeviceTimeoutSec, where systemd does not say (systemd-system.conf(5)). */
export const SYSTEMD_WAIT_MS = 90_000;

/** From the end of a wait until the device is there, and until the engine has begun to look: it lets udev settle for at most 30 s. */
const AROUND_MS = 30_000;

/** How an array that does not run at the end of the boot image is treated. */
export interface WaitOfArray {
  readonly waitMs: number;
  /** While members keep arriving. */
  readonly maxWaitMs: number;
  readonly degraded: DegradedPolicy;
}

export interface TimeFacts {
  readonly graph: BlockGraph;
  /** By kernel name; null for one that is up before systemd asks for anything, or that nobody decides about. */
  readonly waitOf: (array: string) => WaitOfArray | null;
  /** Somebody has set a `max_wait`: that it may take as long is meant. */
  readonly isMaxWaitSet: boolean;
  /** How long systemd waits where no line says otherwise. */
  readonly systemdMs: number;
}

/**
 * The devices of fstab, crypttab and swap that systemd would give up on before the engine has decided about the arrays below them, with the
 * time that it may take. None that a line gives a time of its own, and none on an array that starts only when a person says so: waiting
 * longer would bring nothing.
 */
export function deviceTimes(demands: readonly Demand[], facts: TimeFacts): readonly TimedDevice[] {
  // systemd waits for an open mapping for ever (systemd-cryptsetup-generator): a time here would shorten that.
  const mappings = new Set(
    demands.flatMap(({ kind, name }) => (kind === 'mapping' ? [`/dev/mapper/${name}`] : [])),
  );
  const found = new Map<string, number>();
  for (const demand of demands) {
    if (demand.isWaitSet || demand.isByHand || mappings.has(demand.source)) continue;
    const unit = unitOf(demand);
    const time = timeOf(demand, facts);
    if (unit === null || time === null || time.leastMs + AROUND_MS <= facts.systemdMs) continue;
    const seconds = Math.ceil((time.mostMs + AROUND_MS) / 1000);
    found.set(unit, Math.max(found.get(unit) ?? 0, seconds));
  }
  return [...found].map(([unit, seconds]) => ({ unit, seconds }));
}

/** Where systemd looks for it, by the name that the line has. */
export function unitOf({ source }: Pick<Demand, 'source'>): string | null {
  const spec = parseSourceSpec(source);
  if (spec.kind === 'tag') return deviceUnit(taggedPath(spec.tag, spec.value));
  return spec.kind === 'path' ? deviceUnit(spec.path) : null;
}

interface Time {
  /** When all goes as the waits say. */
  readonly leastMs: number;
  readonly mostMs: number;
}

const NO_TIME: Time = { leastMs: 0, mostMs: 0 };

/** Null where one of its arrays starts only when a person says so. Of copies that share a UUID the slowest counts. */
function timeOf({ ways }: Demand, facts: TimeFacts): Time | null {
  const arrays = (ways ?? []).flatMap((way) => [...way.arrays]);
  return longest(arrays.map((array) => timeOfArray(array, facts, new Set())));
}

/** An array's own wait begins when those below it run. */
function timeOfArray(array: string, facts: TimeFacts, above: ReadonlySet<string>): Time | null {
  const wait = facts.waitOf(array);
  if (wait === null || above.has(array)) return NO_TIME;
  if (wait.degraded !== 'start') return null;
  const { standsOn = [] } = facts.graph.get(array) ?? {};
  const onPath = new Set([...above, array]);
  const below = arraysAmong(reachFrom(standsOn, facts.graph).ids, facts.graph);
  const belowTime = longest(below.map((one) => timeOfArray(one, facts, onPath)));
  if (belowTime === null) return null;
  const mostMs = Math.max(wait.waitMs, wait.maxWaitMs);
  return {
    leastMs: belowTime.leastMs + (facts.isMaxWaitSet ? mostMs : wait.waitMs),
    mostMs: belowTime.mostMs + mostMs,
  };
}

function longest(times: readonly (Time | null)[]): Time | null {
  const known = times.filter((time) => time !== null);
  if (known.length < times.length) return null;
  return {
    leastMs: Math.max(0, ...known.map(({ leastMs }) => leastMs)),
    mostMs: Math.max(0, ...known.map(({ mostMs }) => mostMs)),
  };
}
