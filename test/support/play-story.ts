// A program that stands on adapters runs the engine's commands on a scripted machine; what it said and did is taken.
import { join } from 'node:path';
import { type Ended, run, withFolder } from './run-adapter-program.ts';
import { type ArrayScript, buildMachine, SPEED, whatHappened } from './scripted-machine.ts';

export interface Story {
  readonly arrays: readonly ArrayScript[];
  /** Commands, one after the other. */
  readonly words: readonly (readonly string[])[];
  /** On the standard input of the last command. */
  readonly typed?: string;
}

export async function play(
  program: readonly string[],
  { arrays, words, typed }: Story,
  slower: number,
): Promise<unknown> {
  return withFolder(async (root) => {
    buildMachine(root, arrays, slower);
    await run(['sh', join(root, 'bin/coldplug')]);
    const said: Ended[] = [];
    for (const command of words) {
      const list = command.length > 1 ? ['--watchlist', join(root, 'etc/watchlist.json')] : [];
      const ended = await run(
        [...program, root, String(SPEED / slower), 'engine', ...command, ...list],
        command === words.at(-1) ? typed : '',
      );
      said.push({
        ...ended,
        stdout: ended.stdout.replaceAll(root, ''),
        stderr: ended.stderr.replaceAll(root, ''),
      });
    }
    return { said, happened: whatHappened(root) };
  });
}
