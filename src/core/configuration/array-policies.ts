import type { MdUuid } from '../md/md-uuid.ts';
import { readShape, type Shape } from '../parse/json-reader.ts';
import type { Result } from '../result/result.ts';
import type { DegradedPolicy } from '../watchlist/watchlist.ts';
import { isCalled, type NamedArray, uuidInKey } from './array-names.ts';

/** How one array shall be treated. */
export interface ArrayPolicy {
  readonly waitMs: number;
  readonly degraded: DegradedPolicy;
}

/** What the configuration says of the arrays that no boot image lists. */
export interface ArrayPolicies {
  readonly general: ArrayPolicy;
  /** For arrays of other machines. */
  readonly foreign: DegradedPolicy;
  /** For arrays that nothing mounts; counts only where it is known what is mounted. */
  readonly unmounted: DegradedPolicy;
  /** What fstab, crypttab and swap stand on; null where nobody knows. */
  readonly mounted: ReadonlySet<MdUuid> | null;
  readonly maxWaitMs: number;
  readonly noticeAfterMs: number;
  readonly stale: 'ask' | 'start';
  /** By their names, in the order of the files. */
  readonly sections: readonly (Partial<ArrayPolicy> & { readonly key: string })[];
}

/** As without any file (reliable-raid-config(5)). */
export const DEFAULT_POLICIES: ArrayPolicies = {
  general: { waitMs: 20_000, degraded: 'start' },
  foreign: 'never',
  ...{ unmounted: 'start', mounted: null },
  maxWaitMs: 180_000,
  noticeAfterMs: 10_000,
  stale: 'ask',
  sections: [],
};

const POLICIES = ['start', 'ask', 'never'] as const;
const A_DAY = 86_400;
const MAX_SECTIONS = 4096;

/** Reads what `reliable-raid config --json` prints; what is mounted is not in it. */
export const parsePolicies = (text: string, at: string): Result<ArrayPolicies> =>
  readShape(text, at, (top) => {
    top.field('schema').oneOf(['reliable-raid/config/1']);
    const settings = top.field('settings');
    return {
      general: {
        waitMs: seconds(settingIn(settings, 'wait')),
        degraded: policy(settingIn(settings, 'degraded')),
      },
      foreign: policy(settingIn(settings, 'foreign')),
      ...{ unmounted: policy(settingIn(settings, 'unmounted')), mounted: null },
      maxWaitMs: seconds(settingIn(settings, 'max_wait')),
      noticeAfterMs: seconds(settingIn(settings, 'notice_after')),
      stale: settingIn(settings, 'stale').oneOf(['ask', 'start']),
      sections: top.field('arrays').list(MAX_SECTIONS, readSection),
    };
  });

/** Somebody must know what is mounted, since it makes a difference. */
export const asksWhatIsMounted = ({
  general,
  unmounted,
}: Pick<ArrayPolicies, 'general' | 'unmounted'>): boolean => unmounted !== general.degraded;

/** What applies to one array: its own sections, that by its UUID last, over the general values. */
export function policyOfArray(
  { general, foreign, unmounted, mounted, sections }: ArrayPolicies,
  array: NamedArray,
  isForeign: boolean,
): ArrayPolicy {
  const own = sections.filter(({ key }) => isCalled(key.trim(), array));
  const byUuid = own.filter(({ key }) => uuidInKey(key.trim()) !== null);
  const isUnmounted = mounted !== null && array.uuid !== null && !mounted.has(array.uuid);
  const ofAll = isForeign ? foreign : isUnmounted ? unmounted : general.degraded;
  const base = { ...general, degraded: ofAll };
  return [...own, ...byUuid].reduce<ArrayPolicy>(
    (before, { waitMs = before.waitMs, degraded = before.degraded }) => ({ waitMs, degraded }),
    base,
  );
}

const settingIn = (settings: Shape, name: string): Shape => settings.field(name).field('value');
const seconds = (shape: Shape): number => shape.integer(0, A_DAY) * 1000;
const policy = (shape: Shape): DegradedPolicy => shape.oneOf(POLICIES);

function readSection(section: Shape): ArrayPolicies['sections'][number] {
  const settings = section.field('settings');
  const has = (name: string): boolean => settings.field(name).raw() !== undefined;
  return {
    key: section.field('name').text(4096),
    ...(has('wait') ? { waitMs: seconds(settingIn(settings, 'wait')) } : {}),
    ...(has('degraded') ? { degraded: policy(settingIn(settings, 'degraded')) } : {}),
  };
}
