import { arrayWords, type MatchedSection } from '../../app/configuration/array-sections.ts';
import type { ConfigurationFindings } from '../../app/configuration/check-configuration.ts';
import { asToml, PER_ARRAY, SETTING_NAMES, type SettingName } from '../../app/configuration/settings.ts';
import type { Output } from '../../app/output.ts';
import { asciiJson } from '../../core/text/ascii-json.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';

const SCHEMA = 'reliable-raid/config/1';
const EXIT_WRONG = 1;

/** What `config` found. Returns the exit status: 1 when anything in the files is wrong. */
export function showConfiguration(findings: ConfigurationFindings, json: boolean, output: Output): number {
  output.out(json ? asciiJson(asJson(findings)) : asText(findings));
  for (const warning of findings.warnings) output.err(`reliable-raid: warning: ${warning}`);
  return findings.warnings.length === 0 ? 0 : EXIT_WRONG;
}

function asText({ configuration: { options, places }, sections, read }: ConfigurationFindings): string {
  const rows = SETTING_NAMES.map((name) => row(name, options[name], places.get(name) ?? 'default'));
  const files = read.length === 0 ? '# no file: all is as it comes' : `# from ${read.join(', ')}`;
  return [files, ...rows, ...sections.flatMap(sectionLines)].join('\n');
}

function sectionLines({ key, at, arrays, values, places }: MatchedSection): readonly string[] {
  const means = arrays.length === 0 ? 'no array of this machine' : arrays.map(arrayWords).join(', ');
  const rows = PER_ARRAY.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [row(name, value, places.get(name) ?? at)];
  });
  return ['', `[array."${escapeForConsole(key)}"]  # ${at}: ${means}`, ...rows];
}

const row = (name: SettingName, value: string | number | boolean, from: string): string =>
  `${`${name} = ${asToml(value)}`.padEnd(24)}# ${from}`;

function asJson({
  configuration: { options, places },
  sections,
  read,
  warnings,
}: ConfigurationFindings): object {
  return {
    schema: SCHEMA,
    files: read,
    settings: Object.fromEntries(
      SETTING_NAMES.map((name) => [name, { value: options[name], from: places.get(name) ?? null }]),
    ),
    arrays: sections.map(({ key, at, arrays, values, places: own }) => ({
      ...{ name: key, from: at, arrays: arrays.map(({ device, uuid }) => ({ device, uuid })) },
      settings: Object.fromEntries(
        PER_ARRAY.filter((name) => name in values).map((name) => [
          name,
          { value: values[name], from: own.get(name) },
        ]),
      ),
    })),
    warnings,
  };
}
