import fc from 'fast-check';
import { test } from 'tap';
import { readConfiguration } from '../../../../src/app/configuration/read-configuration.ts';
import { DEFAULTS, isAllowed, SETTING_NAMES } from '../../../../src/app/configuration/settings.ts';
import { tomlEntries } from '../../../../src/app/configuration/toml-entries.ts';

/** Each text is a file: A, B, ... */
const read = (...texts: readonly string[]) => {
  const files = texts.map((text, index) => ({ at: 'ABC'[index] ?? '?', entries: tomlEntries(text).entries }));
  const { configuration, warnings } = readConfiguration(files);
  const { options, places, arrays } = configuration;
  return {
    ...{ options, warnings },
    places: Object.fromEntries(places),
    arrays: arrays.map(({ key, at, values, places: own }) => ({
      key,
      at,
      values,
      places: Object.fromEntries(own),
    })),
  };
};

test('nothing configured: the defaults', async (t) => {
  t.same(read(), { options: DEFAULTS, warnings: [], places: {}, arrays: [] });
  t.match(DEFAULTS, { wait: 20, notice_after: 10, max_wait: 180, degraded: 'start', stale: 'ask' });
});

test('files in turn, with the line that each value comes from', async (t) => {
  const { options, warnings, places, arrays } = read(
    'wait = 50\nshell = "deny"\n[array.data]\nwait = 11\n',
    'wait = 60\n[array.data]\ndegraded = "never"\n',
    'strict = true\n[array."01234567-89AB-cdef-0123-456789abcdef"]\ndegraded = "ask"\n[array."01234567:89abcdef:01234567:89abcdef"]\nwait = 12\n',
  );
  t.same(warnings, []);
  t.match(options, { wait: 60, shell: 'deny', strict: true, degraded: 'start' });
  t.same(places, { wait: 'B:1', shell: 'A:2', strict: 'C:1' });
  t.same(arrays, [
    {
      key: 'data',
      at: 'A:3',
      values: { wait: 11, degraded: 'never' },
      places: { wait: 'A:4', degraded: 'B:3' },
    },
    {
      key: '01234567-89AB-cdef-0123-456789abcdef',
      at: 'C:2',
      values: { degraded: 'ask', wait: 12 },
      places: { degraded: 'C:3', wait: 'C:5' },
    },
  ]);
});

test('a bad key or value is named with what is allowed, and costs only itself', async (t) => {
  const { options, warnings, arrays } = read(
    [
      'wait = -1',
      'notice_after = "soon"',
      'max_wait = 1.5',
      'degraded = "maybe"',
      'strict = 1',
      'wiat = 3',
      'shell = "deny"',
      'stale = ["ask"]',
      'wait.long = 3',
      'readd = 1979-05-27',
      '[array.x]',
      'shell = "allow"',
      'wait = 3',
      'degraded = { at = 3 }',
    ].join('\n'),
    'array = 3\n',
    '[[array]]\nwait = 3\n[array]\n[other]\nwait = 9\n',
  );
  t.same(options, { ...DEFAULTS, shell: 'deny' });
  t.match(arrays, [{ key: 'x', values: { wait: 3 } }]);
  const names = SETTING_NAMES.join(', ');
  t.same(warnings, [
    'A:1: wait = -1 is not allowed (whole seconds from 0 to 86400); ignored',
    'A:2: notice_after = "soon" is not allowed (whole seconds from 0 to 86400); ignored',
    'A:3: max_wait = 1.5 is not allowed (whole seconds from 0 to 86400); ignored',
    'A:4: degraded = "maybe" is not allowed ("start", "ask", "never"); ignored',
    'A:5: strict = 1 is not allowed (true, false); ignored',
    `A:6: "wiat" is not a key here; allowed are ${names}; ignored`,
    'A:8: stale = a list is not allowed ("ask", "start"); ignored',
    `A:9: "wait.long" is not a key here; allowed are ${names}; ignored`,
    'A:10: readd = a date is not allowed ("auto", "manual", "rebuild"); ignored',
    'A:12: [array."x"]: "shell" is not a key here; allowed are wait, degraded (what is for all arrays stands before the first section); ignored',
    'A:14: [array."x"]: "degraded.at" is not a key here; allowed are wait, degraded (what is for all arrays stands before the first section); ignored',
    'B:1: "array" must be tables such as [array."UUID or name"]; ignored',
    'C:1: "array" must be tables such as [array."UUID or name"]; ignored',
    `C:4: "other" is not a key here; allowed are ${names}; ignored`,
    `C:5: "other.wait" is not a key here; allowed are ${names}; ignored`,
  ]);
});

test('quotes that do not belong there are named', async (t) => {
  const { options, warnings } = read('wait = "30"\nstrict = "true"\nmax_wait = "-3"\n');
  t.same(options, DEFAULTS);
  t.same(warnings, [
    'A:1: wait = "30" is not allowed (whole seconds from 0 to 86400): without the quotes, wait = 30; ignored',
    'A:2: strict = "true" is not allowed (true, false): without the quotes, strict = true; ignored',
    'A:3: max_wait = "-3" is not allowed (whole seconds from 0 to 86400); ignored',
  ]);
});

test('what a file says twice', async (t) => {
  const { options, warnings, arrays } = read(
    'wait = 30\nwait = 40\n[array.x]\nwait = 5\n[array.x]\nwait = 6\ndegraded = "ask"\n',
  );
  t.equal(options.wait, 30);
  t.match(arrays, [{ key: 'x', values: { wait: 5, degraded: 'ask' } }]);
  t.same(warnings, [
    'A:2: wait is set in line 1 already; this one is ignored',
    'A:5: this section began in line 3 already; both parts count',
    'A:6: array.x.wait is set in line 4 already; this one is ignored',
  ]);
});

test('unmounted goes with degraded until a file sets it', async (t) => {
  t.equal(read('degraded = "never"\n').options.unmounted, 'never');
  t.equal(read('degraded = "never"\nunmounted = "start"\n').options.unmounted, 'start');
  t.equal(read('degraded = "never"\n', 'unmounted = "ask"\n').options.unmounted, 'ask');
  t.equal(read('unmounted = "maybe"\ndegraded = "ask"\n').options.unmounted, 'ask');
});

test('notice_after <= wait <= max_wait: what is set against it is refused', async (t) => {
  const all = read('wait = 300\nmax_wait = 100\nnotice_after = 400\n');
  t.match(all.options, { wait: 300, max_wait: 300, notice_after: 10 });
  t.same(all.warnings, [
    'A:2: max_wait = 100 is shorter than wait = 300 (A:1); ignored',
    'A:3: notice_after = 400 is longer than wait = 300 (A:1); ignored',
  ]);
  const alone = read('max_wait = 5\nnotice_after = 30\n');
  t.same(alone.options, DEFAULTS);
  t.same(alone.warnings, [
    'A:1: max_wait = 5 is shorter than wait = 20 (the default); ignored',
    'A:2: notice_after = 30 is longer than wait = 20 (the default); ignored',
  ]);
  const files = read('max_wait = 100\n[array.x]\nwait = 200\ndegraded = "ask"\n', 'wait = 50\n');
  t.match(files.options, { wait: 50, max_wait: 100 });
  t.match(files.arrays, [{ values: { degraded: 'ask' } }]);
  t.same(Object.keys(files.arrays[0]?.values ?? {}), ['degraded']);
  t.same(files.warnings, ['A:3: wait = 200 of [array."x"] is longer than max_wait = 100 (A:1); ignored']);
});

test('a limit that no file sets follows the wait, without a word', async (t) => {
  t.match(read('wait = 5\n'), { options: { wait: 5, notice_after: 5, max_wait: 180 }, warnings: [] });
  t.match(read('wait = 300\n'), { options: { notice_after: 10, max_wait: 300 }, warnings: [] });
  t.match(read('[array.x]\nwait = 400\n'), { options: { wait: 20, max_wait: 400 }, warnings: [] });
});

test('a key of an earlier release is named as what it is, and nothing else changes', async (t) => {
  const { options, warnings } = read('image_engine = "node"\nwait = 17\n');
  t.same(options, { ...DEFAULTS, wait: 17 });
  t.same(warnings, ['A:1: "image_engine" no longer has an effect']);
});

test('whatever is written, what is in force is allowed and in order', async () => {
  const key = fc.constantFrom('wait', 'max_wait', 'notice_after', 'shell', 'array', 'toString', '__proto__');
  const entry = fc.record({
    path: fc.array(fc.oneof(key, fc.string()), { minLength: 1, maxLength: 4 }),
    value: fc.oneof(fc.nat(400), fc.anything()),
    line: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(fc.array(entry), { maxLength: 3 }), (files) => {
      const { configuration } = readConfiguration(files.map((entries) => ({ at: 'x', entries })));
      const { options, arrays } = configuration;
      for (const name of SETTING_NAMES) if (!isAllowed(name, options[name])) throw new Error(name);
      const waits = [options.wait, ...arrays.map(({ values }) => values.wait ?? 0)];
      if (Math.max(...waits) > options.max_wait) throw new Error('a wait is longer than max_wait');
      if (options.notice_after > options.wait) throw new Error('the notice comes after the wait');
    }),
  );
});
