import { parseMdUuid } from '../md/md-uuid.ts';
import type { DegradedPolicy } from '../watchlist/watchlist.ts';
import { type ArrayPolicies, DEFAULT_POLICIES } from './array-policies.ts';

/**
 * What udev's gate must know of the configuration, in lines that a program without a parser for it reads: `general POLICY`,
 * `foreign POLICY`, `unmounted POLICY` where that is another one than the general, `array POLICY UUID NAME`, with `-` for a UUID that is not known. NAME is as it was typed, to the end of the line.
 */
export interface GatePolicies {
  readonly general: DegradedPolicy;
  readonly foreign: DegradedPolicy;
  readonly unmounted: DegradedPolicy;
  readonly sections: readonly GateSection[];
}

export interface GateSection {
  readonly key: string;
  readonly degraded: DegradedPolicy;
  /** Of the arrays that are called so, as far as is known. */
  readonly uuids: readonly string[];
}

const POLICIES: readonly string[] = ['start', 'ask', 'never'] satisfies readonly DegradedPolicy[];
const MAX_LINES = 20_000;

/**
 * `before`: the same lines as they were last written. A name such as `md127` means nothing until its array is assembled, and
 * then it is too late: what it meant last counts.
 */
export function formatGatePolicies(
  { general, foreign, unmounted, sections }: GatePolicies,
  before: string,
): string {
  const known = new Map<string, string[]>();
  for (const { key, uuid } of linesOf(before))
    if (uuid !== null) known.set(key, [...(known.get(key) ?? []), uuid]);
  const lines = sections
    // No array is called so.
    .filter(({ key }) => !/[\n\r]/.test(key))
    .flatMap(({ key, degraded, uuids }) => {
      const all = uuids.length > 0 ? uuids : (known.get(key) ?? []);
      return (all.length > 0 ? all : ['-']).map((uuid) => `array ${degraded} ${uuid} ${key}`);
    });
  const ofUnmounted = unmounted === general ? [] : [`unmounted ${unmounted}`];
  return [`general ${general}`, `foreign ${foreign}`, ...ofUnmounted, ...lines, ''].join('\n');
}

/** As the policies of any other array; a line that is not understood is skipped. */
export function parseGatePolicies(text: string): ArrayPolicies {
  const word = (name: string, preset: DegradedPolicy): DegradedPolicy => {
    const [, found = ''] = new RegExp(`^${name} (\\w+)$`, 'm').exec(text) ?? [];
    return isPolicy(found) ? found : preset;
  };
  const general = word('general', DEFAULT_POLICIES.general.degraded);
  return {
    ...DEFAULT_POLICIES,
    general: { ...DEFAULT_POLICIES.general, degraded: general },
    unmounted: word('unmounted', general),
    foreign: word('foreign', DEFAULT_POLICIES.foreign),
    sections: linesOf(text).flatMap(({ key, degraded, uuid }) => [
      { key, degraded },
      ...(uuid === null ? [] : [{ key: uuid, degraded }]),
    ]),
  };
}

const linesOf = (text: string) =>
  text.split('\n', MAX_LINES).flatMap((line) => {
    const [, degraded = '', uuid = '', key = ''] = /^array (\w+) (\S+) (.+)$/.exec(line) ?? [];
    const parsed = parseMdUuid(uuid);
    return isPolicy(degraded) ? [{ key, degraded, uuid: parsed.ok ? parsed.value : null }] : [];
  });

const isPolicy = (word: string): word is DegradedPolicy => POLICIES.includes(word);
