// What reportbug adds: the redacted report and no other text about the machine's disks, and no failure that would end the report.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../tools/project.ts';

const SCRIPT = join(ROOT, 'packaging/debian/reliable-raid.bug-script');

function run(program: string): { readonly status: number | null; readonly text: string } {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-bug-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const fake = join(folder, 'reliable-raid');
  writeFileSync(fake, program);
  chmodSync(fake, 0o755);
  const text = join(folder, 'text');
  const { status } = spawnSync('sh', ['-c', 'exec 3>"$0"; exec "$1"', text, SCRIPT], {
    env: { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` },
  });
  return { status, text: readFileSync(text, 'utf8') };
}

t.test('the report is asked for without names', async (t) => {
  const { status, text } = run('#!/bin/sh\necho "ran $*"\n');
  t.equal(status, 0);
  t.match(text, /^-- reliable-raid report --redact\nran report --redact$/m);
  t.same(
    [...text.matchAll(/^ran (.*)$/gm)].map(([, words]) => words),
    ['--version', 'config', 'report --redact'],
  );
});

t.test('a program that fails is said, and ends nothing', async (t) => {
  const { status, text } = run('#!/bin/sh\necho broken >&2\nexit 1\n');
  t.equal(status, 0);
  t.match(text, /report --redact\nbroken/);
});
