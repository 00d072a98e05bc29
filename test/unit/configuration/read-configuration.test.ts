import fc from 'fast-check';
import { test } from 'tap';
import { loadConfiguration } from '../../../src/app/load-configuration.ts';
import { allowedValues, OPTIONS } from '../../../src/core/configuration/options.ts';
import { optionsOfArray, readConfiguration } from '../../../src/core/configuration/read-configuration.ts';
import { recordedMachine } from '../../support/recorded-machine.ts';

const load = (texts: Record<string, string>) => {
  const names = Object.keys(texts).filter((name) => name.startsWith('config.d/'));
  const list = `list /etc/reliable-raid/config.d ${names.map((name) => name.slice(9)).join(' ')}`;
  const files = Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [`/etc/reliable-raid/${name}`, text] as const),
  );
  return loadConfiguration(recordedMachine({ 'files.txt': list }, files).files, '/etc/reliable-raid');
};

const PRESETS = Object.fromEntries(Object.entries(OPTIONS).map(([name, { preset }]) => [name, preset]));

test('nothing configured: the defaults', async (t) => {
  const { configuration, warnings } = await load({});
  t.same(configuration.options, PRESETS);
  t.match(configuration.options, {
    wait: 20,
    notice_after: 10,
    max_wait: 180,
    degraded: 'start',
    stale: 'ask',
  });
  t.same(warnings, []);
});

test('files in turn, and sections for one array', async (t) => {
  const { configuration, warnings } = await load({
    'config.toml': 'wait = 5\nshell = "deny"\n[array.data]\nwait = 1\n',
    'config.d/10-a.toml': 'wait = 6\n[array.data]\ndegraded = "never"\n',
    'config.d/20-b.toml':
      'strict = true\n[array."01234567-89AB-cdef-0123-456789abcdef"]\ndegraded = "ask"\n[array."/dev/md7"]\nwait = 70\n',
    'config.d/ignored.txt': 'wait = 100',
  });
  t.same(warnings, []);
  t.match(configuration.options, { wait: 6, shell: 'deny', strict: true, degraded: 'start' });
  const array = { uuid: 'x', name: 'x', devicePath: '/dev/md0' };
  t.same(optionsOfArray(configuration, array), { wait: 6, degraded: 'start' });
  t.same(optionsOfArray(configuration, { ...array, name: 'data' }), { wait: 1, degraded: 'never' });
  t.same(optionsOfArray(configuration, { ...array, devicePath: '/dev/md7' }), {
    wait: 70,
    degraded: 'start',
  });
  t.same(optionsOfArray(configuration, { ...array, uuid: '01234567:89abcdef:01234567:89abcdef' }), {
    wait: 6,
    degraded: 'ask',
  });
});

test('a bad key or value is named with what is allowed, and costs only itself', async (t) => {
  const { configuration, warnings } = await load({
    'config.toml': [
      'wait = -1',
      'notice_after = "soon"',
      'max_wait = 1.5',
      'degraded = "maybe"',
      'strict = 1',
      'wiat = 3',
      'shell = "deny"',
      '[array.x]',
      'shell = "allow"',
      'wait = 3',
    ].join('\n'),
    'config.d/broken.toml': 'wait = = 3\n',
    'config.d/other.toml': 'array = 3\n',
  });
  t.match(configuration.options, { ...PRESETS, shell: 'deny' });
  t.same(warnings, [
    '/etc/reliable-raid/config.d/broken.toml:1: Invalid TOML document: invalid value; the file is ignored',
    '/etc/reliable-raid/config.toml: wait = -1 is not allowed (whole seconds from 0 to 86400); ignored',
    '/etc/reliable-raid/config.toml: notice_after = soon is not allowed (whole seconds from 0 to 86400); ignored',
    '/etc/reliable-raid/config.toml: max_wait = 1.5 is not allowed (whole seconds from 0 to 86400); ignored',
    '/etc/reliable-raid/config.toml: degraded = maybe is not allowed ("start", "ask", "never"); ignored',
    '/etc/reliable-raid/config.toml: strict = 1 is not allowed (true, false); ignored',
    '/etc/reliable-raid/config.toml: "wiat" is not a key here; allowed are wait, notice_after, max_wait, degraded, stale, shell, readd, strict; ignored',
    '/etc/reliable-raid/config.toml: [array."x"]: "shell" is not a key here; allowed are wait, degraded; ignored',
    '/etc/reliable-raid/config.d/other.toml: "array" must be tables such as [array."UUID or name"]; ignored',
  ]);
  for (const option of Object.values(OPTIONS)) t.ok(allowedValues(option).length > 0);
});

test('a key of an earlier release is named as what it is, and nothing else changes', async (t) => {
  const { configuration, warnings } = await load({ 'config.toml': 'image_engine = "node"\nwait = 7\n' });
  t.same(configuration.options, { ...PRESETS, wait: 7 });
  t.same(warnings, ['/etc/reliable-raid/config.toml: "image_engine" no longer has an effect']);
});

test('no configuration throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
      await load({ 'config.toml': text });
    }),
  );
  fc.assert(
    fc.property(
      fc.dictionary(fc.oneof(fc.constantFrom('wait', 'array', 'shell'), fc.string()), fc.anything()),
      (table) => {
        const { configuration } = readConfiguration([{ at: 'x', table }]);
        if (!Number.isSafeInteger(configuration.options.wait)) throw new Error('wait is no number');
      },
    ),
  );
});
