import { test } from 'tap';
import { DEFAULTS } from '../../../src/app/configuration/settings.ts';
import {
  type ArrayPolicies,
  asksWhatIsMounted,
  DEFAULT_POLICIES,
  parsePolicies,
  policyOfArray,
} from '../../../src/core/configuration/array-policies.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';

const UUID = '11111111:22222222:33333333:44444444' as MdUuid;
const ARRAY = { device: 'md7', uuid: UUID, name: 'box:data', devName: null };

const asPrinted = (settings: object, arrays: readonly object[] = []): string =>
  JSON.stringify({
    schema: 'reliable-raid/config/1',
    files: [],
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, { value, from: null }]),
    ),
    arrays,
    warnings: [],
  });

const read = (text: string): ArrayPolicies => {
  const parsed = parsePolicies(text, 'config');
  if (!parsed.ok) throw new Error(`${parsed.at}: ${parsed.why}`);
  return parsed.value;
};

test('without a file it is as the schema has it', async (t) => {
  t.same(read(asPrinted(DEFAULTS)), DEFAULT_POLICIES);
});

test('general values, and those of one array', async (t) => {
  const policies = read(
    asPrinted({ ...DEFAULTS, wait: 30, degraded: 'ask', max_wait: 90, foreign: 'ask', stale: 'start' }, [
      {
        name: 'data',
        settings: { degraded: { value: 'start', from: 'f:1' }, wait: { value: 5, from: 'f:2' } },
      },
      { name: `UUID=${UUID}`, settings: { degraded: { value: 'never', from: 'f:3' } } },
      { name: 'else', settings: { wait: { value: 1, from: 'f:4' } } },
    ]),
  );
  t.match(policies, { maxWaitMs: 90_000, stale: 'start', foreign: 'ask' });
  t.same(policyOfArray(policies, ARRAY, false), { waitMs: 5000, degraded: 'never' }, 'the UUID counts last');
  const other = { ...ARRAY, uuid: null, name: 'box:home' };
  t.same(policyOfArray(policies, other, false), { waitMs: 30_000, degraded: 'ask' });
});

test('of another machine: its own policy, unless a section names it', async (t) => {
  t.equal(policyOfArray(DEFAULT_POLICIES, ARRAY, true).degraded, 'never');
  const named = { ...DEFAULT_POLICIES, sections: [{ key: 'data', degraded: 'start' as const }] };
  t.equal(policyOfArray(named, ARRAY, true).degraded, 'start');
});

test('what nothing mounts has its own policy, once it is known what is mounted', async (t) => {
  const unmounted = { ...DEFAULT_POLICIES, unmounted: 'never' as const };
  const knows = (...mounted: readonly MdUuid[]) => ({ ...unmounted, mounted: new Set(mounted) });
  t.equal(policyOfArray(unmounted, ARRAY, false).degraded, 'start', 'nobody has looked');
  t.equal(policyOfArray(knows(UUID), ARRAY, false).degraded, 'start');
  t.equal(policyOfArray(knows(), ARRAY, false).degraded, 'never');
  t.equal(policyOfArray({ ...knows(), foreign: 'ask' }, ARRAY, true).degraded, 'ask', 'foreign counts more');
  const named = { ...knows(), sections: [{ key: 'data', degraded: 'start' as const }] };
  t.equal(policyOfArray(named, ARRAY, false).degraded, 'start', 'a section of its own too');
  t.same([asksWhatIsMounted(unmounted), asksWhatIsMounted(DEFAULT_POLICIES)], [true, false]);
});

test('what is not what the program prints is refused', async (t) => {
  for (const text of [
    '',
    '{}',
    asPrinted({ ...DEFAULTS, wait: -1 }),
    asPrinted({ ...DEFAULTS, degraded: 'yes' }),
  ])
    t.notOk(parsePolicies(text, 'config').ok, text);
});
