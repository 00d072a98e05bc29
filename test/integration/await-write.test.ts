// What waits for the first write to an array.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { ROOT } from '../../tools/project.ts';
import { SHELLS } from './shim-sandbox.ts';

const LOOKS_MS = 300;

for (const { name, argv } of SHELLS)
  t.test(`until one of them is written to, or gone, or nobody waits any more: ${name}`, async (t) => {
    const root = mkdtempSync(join(tmpdir(), 'reliable-raid-write-'));
    t.teardown(() => rmSync(root, { recursive: true }));
    const script = join(root, 'await-write');
    const text = readFileSync(join(ROOT, 'systemd/await-write'), 'utf8');
    writeFileSync(script, text.replace('sleep 10', 'sleep 0.05').replaceAll('/sys/block', root));
    const mark = join(root, 'mark');
    const state = (md: string, word: string) => {
      mkdirSync(join(root, md, 'md'), { recursive: true });
      writeFileSync(join(root, md, 'md/array_state'), `${word}\n`);
    };
    const endings: readonly (() => void)[] = [
      () => state('md2', 'clean'),
      () => rmSync(join(root, 'md1'), { recursive: true }),
      () => rmSync(mark),
    ];
    for (const end of endings) {
      state('md1', 'read-auto');
      state('md2', 'readonly');
      writeFileSync(mark, 'md1\nmd2\n');
      const [program = '', ...options] = argv;
      const waiting = spawn(program, [...options, script, mark]);
      const ended = new Promise<number | null>((resolve) => waiting.on('exit', resolve));
      t.equal(await Promise.race([ended, setTimeout(LOOKS_MS, 'waits')]), 'waits');
      end();
      t.equal(await ended, 0);
    }
  });
