import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { readConfiguration } from '../../src/app/configuration/read-configuration.ts';
import { DEFAULTS, PER_ARRAY, SETTING_NAMES } from '../../src/app/configuration/settings.ts';
import { tomlEntries } from '../../src/app/configuration/toml-entries.ts';
import { SAMPLE_PATH, sampleConfiguration } from '../../tools/build/sample-configuration.ts';
import { ROOT } from '../../tools/project.ts';

const sample = readFileSync(join(ROOT, SAMPLE_PATH), 'utf8');

function read(text: string) {
  const { entries, faults } = tomlEntries(text);
  return { ...readConfiguration([{ at: 'sample', entries }]), faults };
}

test('the sample is what the schema makes; node tools/build/sample-configuration.ts writes it', async (t) => {
  t.equal(sample, sampleConfiguration());
  t.notMatch(sample, /.{80}|[^\x20-\x7e\n]/);
});

test('as it is it sets nothing; with every value switched on it is right, and sets the defaults', async (t) => {
  t.match(read(sample), { configuration: { places: new Map(), arrays: [] }, warnings: [], faults: [] });
  const { configuration, warnings, faults } = read(sample.replace(/^#(?=\S)/gm, ''));
  t.same(
    { warnings, faults, options: configuration.options },
    { warnings: [], faults: [], options: DEFAULTS },
  );
  t.same([...configuration.places.keys()], SETTING_NAMES);
  t.same(Object.keys(configuration.arrays[0]?.values ?? {}), PER_ARRAY);
});

test('the package has it', async (t) => {
  t.match(readFileSync(join(ROOT, 'packaging/debian/reliable-raid.examples'), 'utf8'), SAMPLE_PATH);
});
