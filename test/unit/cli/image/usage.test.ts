import t from 'tap';
import { ENGINE_COMMANDS } from '../../../../src/cli/command-table.ts';
import { usage } from '../../../../src/cli/image/usage.ts';

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
