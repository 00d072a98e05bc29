// The completions as the shells themselves load and carry them out, each where it is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { HOST_COMMANDS } from '../../src/cli/command-table.ts';
import { COMPLETIONS, writeCompletions } from '../../tools/build/completions.ts';

const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-completions-'));
t.before(() => writeCompletions(folder));
t.teardown(() => rmSync(folder, { recursive: true }));

const lacks = (shell: string): string | false =>
  spawnSync(shell, ['-c', 'true']).status === 0 ? false : `${shell} is not installed`;
const run = (shell: string, ...args: readonly string[]): string =>
  execFileSync(shell, args, { encoding: 'utf8', env: { ...process.env, HOME: folder, TERM: 'dumb' } });
const words = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

t.test('bash', { skip: lacks('bash') }, async (t) => {
  const complete = (...line: readonly string[]): readonly string[] =>
    words(
      run(
        'bash',
        ...['--norc', '-c'],
        // Outside of a completion compopt only complains.
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
        'compopt() { :; }; . "$0"; complete -p reliable-raid >/dev/null; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _reliable_raid; printf "%s\\n" "${COMPREPLY[@]}"',
        join(folder, COMPLETIONS.bash),
        'reliable-raid',
        ...line,
      ),
    );
  t.same(complete('stat'), ['status']);
  t.same(
    complete('').filter((word) => !/^(help|--)/.test(word)),
    HOST_COMMANDS.map(({ name }) => name),
  );
  for (const { name, options } of HOST_COMMANDS)
    t.same(complete(name, '--'), [...options.map(({ flag }) => `--${flag}`), '--help'], name);
  t.same(complete('resolve', '--generator', 'd'), ['dracut']);
  t.same(complete('resolve', '--root', join(folder, 'compl')), [join(folder, 'completions')]);
  t.same(complete('start', '--copy', ''), []);
  t.same(complete('nothing', '--'), []);
  for (const word of complete('status', '')) t.match(word, /^md/);
});

t.test('fish', { skip: lacks('fish') }, async (t) => {
  const complete = (line: string): readonly string[] =>
    words(
      run('fish', '--no-config', '-c', `source ${join(folder, COMPLETIONS.fish)}; complete -C '${line}'`),
    ).map((one) => one.split('\t')[0] ?? '');
  t.same(
    complete('reliable-raid ')
      .filter((word) => word !== '')
      .sort(),
    HOST_COMMANDS.map(({ name }) => name).sort(),
  );
  for (const { name, options } of HOST_COMMANDS)
    t.same(
      complete(`reliable-raid ${name} --`)
        .filter((word) => word.startsWith('--'))
        .sort(),
      [...options.map(({ flag }) => `--${flag}`), '--help'].sort(),
      name,
    );
  t.same([...complete('reliable-raid resolve --generator ')].sort(), ['dracut', 'initramfs-tools']);
});

/** Types a line with tabs into a shell on a terminal of its own, and waits for what a function in the place of the program got. */
const TYPED = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; stty -echo; fpath=(${dirname(join(folder, COMPLETIONS.zsh))} \\$fpath); autoload -U compinit; compinit -u -D; bindkey '^I' complete-word"
zpty -w shell "reliable-raid() { print GOT:\\$*:END }; print REA''DY"
zpty -r shell said '*READY*' || exit 1
for line; do
	zpty -w shell "$line"
	zpty -r shell said '*GOT:*:END*' || exit 1
	print -r -- "$said"
done
zpty -d shell
`;

t.test('zsh', { skip: lacks('zsh') }, async (t) => {
  const said = run(
    ...(['zsh', '-f', '-c', TYPED, 'zsh'] as const),
    ...['statu\t --wat\t', 'resolve --generator dr\t', 'explain --each --wit\tsda --js\t'].map(
      (line) => `reliable-raid ${line}`,
    ),
  );
  t.same(
    [...said.matchAll(/GOT:(.*):END/g)].map(([, line]) => line),
    ['status --watch', 'resolve --generator dracut', 'explain --each --without sda --json'],
  );
  const text = run('zsh', '-f', '-n', join(folder, COMPLETIONS.zsh));
  t.equal(text, '', 'no fault of syntax');
});
