import { toJsonSchema } from '@valibot/to-json-schema';
import { CONFIGURATION } from './settings.ts';

/** A JSON schema of the configuration file, for editors that check TOML by one. */
export const configurationJsonSchema = (): string => {
  const schema = toJsonSchema(CONFIGURATION, { typeMode: 'input' });
  return JSON.stringify({ ...schema, title: 'The configuration of reliable-raid' }, null, 2);
};
