import t from 'tap';
import { BOOT, GATE, START } from '../../../../src/cli/command-table.ts';
import { parseArguments } from '../../../../src/cli/image/arguments.ts';

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
