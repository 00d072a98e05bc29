/**
 * The sample of the configuration, with every key, made from its schema:
 *   node tools/build/sample-configuration.ts   ->   examples/config.toml
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  allowedValues,
  asToml,
  DEFAULTS,
  meaningOf,
  PER_ARRAY,
  SETTING_NAMES,
} from '../../src/app/configuration/settings.ts';
import { ROOT, runTool } from '../project.ts';

export const SAMPLE_PATH = 'examples/config.toml';

const WIDTH = 79;

function comment(text: string): string {
  const lines: string[] = ['#'];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= WIDTH) lines[lines.length - 1] = longer;
    else lines.push(`# ${word}`);
  }
  return lines.join('\n');
}

/** All of it is comments: copied as it is, it changes nothing. A line with a value begins with `#` and no blank. */
export function sampleConfiguration(): string {
  const settings = SETTING_NAMES.map(
    (name) =>
      `${comment(meaningOf(name))}\n# Allowed: ${allowedValues(name)}.\n#${name} = ${asToml(DEFAULTS[name])}\n`,
  );
  return [
    comment(
      'A sample of /etc/reliable-raid/config.toml, with every key and its default; see reliable-raid-config(5). No file is needed. To set a value, remove the # before it.',
    ),
    comment('"reliable-raid config" checks the file; after a change, run "update-initramfs -u".'),
    '',
    ...settings,
    comment(
      `For one array, ${PER_ARRAY.join(' and ')} may differ. It is named by its UUID, or by a name such as md0, /dev/md/root or host:root.`,
    ),
    '#[array."11111111:22222222:33333333:44444444"]',
    ...PER_ARRAY.map((name) => `#${name} = ${asToml(DEFAULTS[name])}`),
    '',
  ].join('\n');
}

if (import.meta.main) await runTool(() => writeFile(join(ROOT, SAMPLE_PATH), sampleConfiguration()));
