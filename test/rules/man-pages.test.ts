import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import {
  allowedValues,
  asToml,
  DEFAULTS,
  meaningOf,
  SETTING_NAMES,
} from '../../src/app/configuration/settings.ts';
import { ENGINE_COMMANDS, EXIT_STATUSES, HOST_COMMANDS } from '../../src/cli/command-table.ts';

import { PACKAGE, ROOT } from '../../tools/project.ts';

const PAGES = [
  'reliable-raid.8',
  'reliable-raid-boot.7',
  'reliable-raid-config.5',
  'reliable-raid-troubleshooting.7',
];
const COMMANDS = [...new Set([...HOST_COMMANDS, ...ENGINE_COMMANDS])];

/** The words of a page, without roff's marks. */
function page(name: string): string {
  const text = readFileSync(join(ROOT, 'man', name), 'utf8');
  return text
    .replaceAll('\\-', '-')
    .replace(/\\f[BIR]/g, '')
    .replaceAll('"""', '"');
}

const help = (...words: readonly string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...words, '--help'], { encoding: 'utf8' });

test('the configuration page has every key, what it may be, and its default', async (t) => {
  const text = page('reliable-raid-config.5');
  const entries = text.split('.SH KEYS')[1]?.split('.SH ONE ARRAY')[0]?.split('.TP\n').slice(1) ?? [];
  t.same(
    entries.map((entry) => entry.split('\n')[0]),
    SETTING_NAMES.map((name) => `.B ${name}`),
    'every key in its order, and no other',
  );
  for (const [index, name] of SETTING_NAMES.entries()) {
    const entry = entries[index] ?? '';
    t.ok(entry.includes(`${meaningOf(name)}\n`), `${name}: what it is`);
    t.ok(
      entry.includes(`Allowed: ${allowedValues(name)}. Default:\n.BR ${asToml(DEFAULTS[name])} .`),
      `${name}: values`,
    );
  }
});

test('the command page has every command with every option, and no other', async (t) => {
  const text = page('reliable-raid.8');
  const [synopsis = ''] = text.split('.SH DESCRIPTION');
  const sections =
    text
      .split('.SH EXIT STATUS')[0]
      ?.split(/^\.SS /m)
      .slice(1) ?? [];
  const described = new Map(sections.map((section) => [section.slice(0, section.indexOf('\n')), section]));
  t.same([...described.keys()].sort(), COMMANDS.map(({ name }) => name).sort());
  for (const { name, argument, options } of COMMANDS) {
    const section = described.get(name) ?? '';
    const [line = ''] = new RegExp(`^reliable-raid ${name}\\b(.|\\n +)*`, 'm').exec(synopsis) ?? [];
    for (const { flag, value } of options) {
      const written = value === undefined ? `.B --${flag}\n` : `.BI --${flag} " ${value}"\n`;
      t.ok(section.includes(`.TP\n${written}`), `${name} --${flag}`);
      t.ok(
        line.includes(value === undefined ? `--${flag}` : `--${flag} ${value}`),
        `${name}: synopsis, ${flag}`,
      );
    }
    t.same(
      [...section.matchAll(/^\.TP\n\.BI? --([a-z-]+)/gm)].map((match) => match[1]).sort(),
      options.map(({ flag }) => flag).sort(),
      `${name}: no other option`,
    );
    if (argument !== undefined) t.ok(line.includes(argument.name), `${name}: synopsis, ${argument.name}`);
  }
});

test('the command page has every exit status', async (t) => {
  const [, text = ''] = page('reliable-raid.8').split('.SH EXIT STATUS');
  const [statuses = ''] = text.split('.SH FILES');
  const entries = new Map(statuses.split('.TP\n.B ').map((entry) => [entry.slice(0, 1), entry]));
  for (const [name, list] of Object.entries(EXIT_STATUSES))
    for (const [status] of list) t.match(entries.get(`${status}`) ?? '', name, `${name}: ${status}`);
});

test('the help of the full program has what the table has', async (t) => {
  const commands = [...help().matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] ?? '');
  t.same(commands.filter((name) => name !== 'help').sort(), HOST_COMMANDS.map(({ name }) => name).sort());
  for (const { name, options } of HOST_COMMANDS) {
    const listed = [...help(name).matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map((match) => match[1]);
    t.same(listed.filter((flag) => flag !== 'help').sort(), options.map(({ flag }) => flag).sort(), name);
  }
});

test('the boot page has every kernel argument that the program reads', async (t) => {
  const source = readFileSync(join(ROOT, 'src/core/configuration/boot-options.ts'), 'utf8');
  const text = page('reliable-raid-boot.7');
  const read = [...source.matchAll(/case '([a-z_.]+)':|name === '([a-z_.]+)'/g)].map((match) => match[1]);
  t.ok(read.length > 5);
  for (const name of read) t.ok(text.includes(name ?? ''), `kernel argument ${name}`);
});

test('every page is of this version', async (t) => {
  for (const name of PAGES)
    t.match(page(name), new RegExp(`^\\.TH .* "reliable-raid ${PACKAGE.version}"`), name);
});

/** What a checker of manual pages says about a page; null where it is not installed. */
function complaints(program: string, args: readonly string[], name: string): string | null {
  const run = spawnSync(program, [...args, join(ROOT, 'man', name)], {
    encoding: 'utf8',
    env: { ...process.env, MANROFFSEQ: '', MANWIDTH: '80', LC_ALL: 'C.UTF-8' },
  });
  return run.error === undefined ? run.stderr + (program === 'mandoc' ? run.stdout : '') : null;
}

for (const [program, args] of [
  ['man', ['--warnings', '-E', 'UTF-8', '-l', '-Tutf8', '-Z']],
  ['mandoc', ['-T', 'lint', '-W', 'warning']],
] as const)
  test(`${program} has nothing to say about the pages`, async (t) => {
    for (const name of PAGES) {
      const said = complaints(program, args, name);
      if (said === null) t.comment(`${program} is not installed`);
      else t.equal(said, '', name);
    }
  });
