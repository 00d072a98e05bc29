// What --help shows: for a console, grouped, and without what says nothing.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { COMMAND_GROUPS, HOST_COMMANDS } from '../../src/cli/command-table.ts';
import { ROOT } from '../../tools/project.ts';

const help = (...words: readonly string[]): string =>
  execFileSync(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...words, '--help'], { encoding: 'utf8' });

t.test('no line is wider than a console, and nothing is said that is no help', async (t) => {
  for (const words of [[], ...HOST_COMMANDS.map(({ name }) => [name])]) {
    const text = help(...words);
    t.same(
      text.split('\n').filter((line) => line.length > 79),
      [],
      words.join(' '),
    );
    t.notMatch(text, /default: (?:false|"|\[)/, words.join(' '));
    const statuses = [...text.matchAll(/^ {2}(\d) {2}/gm)].map(([, status]) => Number(status));
    t.same(
      statuses,
      statuses.toSorted((a, b) => a - b),
      'exit statuses in their order',
    );
  }
});

t.test('each command is in its group, and the groups come in their order', async (t) => {
  const [, ...groups] = help().split(/^(?=\S.*:$)/m);
  const found = new Map(groups.map((text) => [text.slice(0, text.indexOf(':\n')), text]));
  t.same([...found.keys()], ['Options', ...Object.values(COMMAND_GROUPS)]);
  for (const { name, group } of HOST_COMMANDS)
    t.match(found.get(COMMAND_GROUPS[group]), new RegExp(`^ {2}${name} `, 'm'), name);
});
