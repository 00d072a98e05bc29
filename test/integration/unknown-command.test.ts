import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT } from '../../tools/project.ts';

const run = (file: string, words: readonly string[], stdout: 'pipe' | number = 'pipe') =>
  spawnSync(process.execPath, [join(ROOT, file), ...words], {
    encoding: 'utf8',
    stdio: ['ignore', stdout, 'pipe'],
    timeout: 60_000,
  });

test('who asks for a look is not sent to a command that acts', async (t) => {
  for (const word of ['state', 'strat', 'read']) {
    const { status, stdout, stderr } = run('src/cli/main.ts', [word]);
    t.match({ status, stdout }, { status: 2, stdout: '' }, word);
    t.notMatch(stderr, /Did you mean|reliable-raid start\b/, word);
  }
  t.match(run('src/cli/main.ts', ['state']).stderr, /"reliable-raid status"/);
  t.match(
    run('src/cli/main.ts', ['resolve', '--jsn']).stderr,
    /Did you mean --json/,
    'an option may be suggested',
  );
});

test('the programs behind ./demo and ./check end in one line, too', async (t) => {
  const full = openSync('/dev/full', 'w');
  for (const [file, ...words] of [
    ['test/boot/interactive.ts', '--list'],
    ['test/boot/interactive.ts', '--bogus'],
    ['test/boot/interactive.ts', '--layout', 'nosuch'],
    ['tools/check/check.ts', '--bogus'],
  ] as const) {
    const { status, stderr } = run(file, words, full);
    t.equal(status, 1, `${file} ${words.join(' ')}`);
    t.match(stderr, /^error: [^\n]+\n(hint: [^\n]+\n)?$/, `${file} ${words.join(' ')}`);
  }
  closeSync(full);
});
