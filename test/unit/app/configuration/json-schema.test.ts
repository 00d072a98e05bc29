import { test } from 'tap';
import { configurationJsonSchema } from '../../../../src/app/configuration/json-schema.ts';
import { DEFAULTS, meaningOf, PER_ARRAY, SETTING_NAMES } from '../../../../src/app/configuration/settings.ts';

test('the JSON schema has every key with its meaning, its default and its limits, and no other', async (t) => {
  const schema = JSON.parse(configurationJsonSchema()) as {
    readonly properties: Record<string, Record<string, unknown>>;
  };
  t.match(schema, { type: 'object', additionalProperties: false });
  t.notOk('required' in schema && (schema.required as unknown[]).length > 0, 'no key is required');
  t.same(Object.keys(schema.properties).sort(), [...SETTING_NAMES, 'array'].sort());
  for (const name of SETTING_NAMES)
    t.match(schema.properties[name], { description: meaningOf(name), default: DEFAULTS[name] }, name);
  t.match(schema.properties['wait'], { type: 'integer', minimum: 0, maximum: 86_400 });
  t.same(schema.properties['degraded']?.['enum'], ['start', 'ask', 'never']);
  const { additionalProperties: section } = schema.properties['array'] as {
    additionalProperties: { properties: object; additionalProperties: boolean; required?: readonly string[] };
  };
  t.same(Object.keys(section.properties).sort(), [...PER_ARRAY].sort());
  t.equal(section.additionalProperties, false);
  t.same(section.required ?? [], []);
});
