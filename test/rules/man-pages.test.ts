import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { allowedValues, OPTIONS } from '../../src/core/configuration/options.ts';
import { PACKAGE, ROOT } from '../../tools/project.ts';

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
  for (const [name, option] of Object.entries(OPTIONS)) {
    const entry = text.split('.TP\n').find((part) => part.startsWith(`.B ${name}\n`)) ?? '';
    const preset = option.kind === 'choice' ? `"${option.preset}"` : String(option.preset);
    t.ok(entry.includes(`${option.help}\n`), `${name}: what it is`);
    t.ok(entry.includes(`Allowed: ${allowedValues(option)}. Default:\n.BR ${preset} .`), `${name}: values`);
  }
});

test('the command page has every command with every option, and no other', async (t) => {
  const text = page('reliable-raid.8');
  const commands = [...help().matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] ?? '');
  const described = [...text.matchAll(/^\.SS (\w+)/gm)].map((match) => match[1]);
  t.same(described.sort(), commands.filter((name) => name !== 'help').sort());
  for (const command of described) {
    const [, section = ''] = text.split(`.SS ${command}\n`);
    const synopsis = text.slice(0, text.indexOf('.SH DESCRIPTION'));
    for (const [, option] of help(command ?? '').matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)) {
      if (option === '--help') continue;
      t.ok(section.includes(option ?? ''), `${command} ${option}`);
      t.ok(synopsis.includes(option ?? ''), `${command} ${option} in the synopsis`);
    }
  }
});

test('the boot page has every kernel argument that the program reads', async (t) => {
  const source = readFileSync(join(ROOT, 'src/core/configuration/boot-options.ts'), 'utf8');
  const text = page('reliable-raid-boot.7');
  const read = [...source.matchAll(/case '([a-z_.]+)':|name === '([a-z_.]+)'/g)].map(
    (match) => match[1] ?? match[2],
  );
  t.ok(read.length > 5);
  for (const name of read) t.ok(text.includes(name ?? ''), `kernel argument ${name}`);
});

test('every page is of this version', async (t) => {
  for (const name of ['reliable-raid.8', 'reliable-raid-boot.7', 'reliable-raid-config.5'])
    t.match(page(name), new RegExp(`^\\.TH .* "reliable-raid ${PACKAGE.version}"`), name);
});
