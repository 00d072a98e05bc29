import t from 'tap';
import { BOOT, ENGINE_COMMANDS, GATE, START } from '../../../src/cli/command-table.ts';
import { parseArguments } from '../../../src/cli/image/arguments.ts';
import { usage } from '../../../src/cli/image/usage.ts';
import { bootRequest } from '../../../src/cli/options/boot-request.ts';

t.test('the help of the boot engine has every command and option, in 79 columns', async (t) => {
  const text = usage();
  for (const line of text.split('\n')) t.ok(line.length <= 79, line);
  for (const { name, summary, options } of ENGINE_COMMANDS) {
    t.match(text, new RegExp(`^ {2}${name} `, 'm'));
    t.ok(text.includes(summary));
    for (const { flag, value } of options)
      t.ok(text.includes(value === undefined ? `--${flag}` : `--${flag} ${value}`), `${name} ${flag}`);
  }
});

t.test('the stages in the help are those that boot takes', async (t) => {
  const [stages = ''] = BOOT.options.filter(({ flag }) => flag === 'stage').map(({ meaning }) => meaning);
  for (const stage of stages.split(/, | or /)) t.type(bootRequest(stage, undefined, ''), 'object', stage);
  t.type(bootRequest(undefined, undefined, ''), 'string');
});

t.test('arguments by the table', async (t) => {
  t.match(parseArguments(['a', '--copy=2,1', '--dry-run', '--', '--b'], START), {
    values: new Map([
      ['copy', '2,1'],
      ['watchlist', '/etc/reliable-raid/watchlist.json'],
    ]),
    switches: new Set(['dry-run']),
    operands: ['a', '--b'],
  });
  for (const [words, spec, why] of [
    [['--copy'], START, 'option --copy needs a value'],
    [['--dry-run=1'], START, 'unknown option --dry-run=1'],
    [['--x'], START, 'unknown option --x'],
    [['-d'], START, 'unknown option -d'],
    [['sda', 'sdb'], GATE, 'unexpected argument sdb'],
    [['x'], BOOT, 'unexpected argument x'],
  ] as const)
    t.equal(parseArguments(words, spec), why);
});
