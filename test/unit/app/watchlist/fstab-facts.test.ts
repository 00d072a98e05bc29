import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { readFstab } from '../../../../src/app/watchlist/fstab-facts.ts';
import type { RunResult } from '../../../../src/ports/runner.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const AT = '/target/etc/fstab';

async function read(text: string | null, findmnt: Partial<RunResult> | null, isRequired = false) {
  const files = new MemoryFiles(text === null ? {} : { [AT]: text });
  const warnings: string[] = [];
  const runner = answeringRunner(() => findmnt);
  const found = await readFstab({ files, runner, paths: REAL_PATHS }, AT, isRequired, warnings);
  return { found, warnings, calls: runner.calls };
}
const said = (...filesystems: readonly object[]): Partial<RunResult> => ({
  stdout: JSON.stringify({ filesystems }),
});
const usr = { source: 'LABEL=é', target: '/usr', fstype: 'ext4', options: 'ro' };

test('what libmount reads is what counts, by the lines of the file', async (t) => {
  const { found, warnings, calls } = await read('# c\n\nLABEL=\\303\\251 /usr ext4 ro\n', said(usr));
  t.match(found, {
    ok: true,
    value: { at: AT, entries: [{ source: 'LABEL=é', mountPoint: '/usr', line: 3 }] },
  });
  t.same(warnings, []);
  t.match(calls, [/^findmnt --json .*--tab-file \/target\/etc\/fstab/]);
});

test('a line that libmount skips is named, and followed where it can be read at all', async (t) => {
  const stderr = [1, 3].map((line) => `findmnt: ${AT}: parse error at line ${line} -- ignored\n`).join('');
  const { found, warnings } = await read('bad\nLABEL=é /usr ext4 ro\n/dev/md1 /srv ext4 ro # c\n', {
    ...said(usr),
    stderr,
  });
  t.match(found, {
    ok: true,
    value: {
      entries: [
        { mountPoint: '/usr', line: 2 },
        { source: '/dev/md1', mountPoint: '/srv', line: 3 },
      ],
    },
  });
  t.match(warnings, [
    /^\/target\/etc\/fstab:1: is not a line .*, skipped$/,
    /^\/target\/etc\/fstab:3: .*what it says of \/srv is followed$/,
  ]);
  const none = await read('bad\n', { status: 1, stderr: stderr.split('\n')[0] ?? '' });
  t.match(none, { found: { ok: true, value: { entries: { length: 0 } } }, warnings: { length: 1 } });
});

test('without a number of lines that fits, none is given', async (t) => {
  const { found } = await read('/a /b c\n/d /e f\n', said(usr));
  t.match(found, { ok: true, value: { entries: [{ mountPoint: '/usr', line: null }] } });
});

const unable: readonly (readonly [string, Partial<RunResult> | null])[] = [
  ['is not there', null],
  ['is too old', { status: 1, stderr: "findmnt: unrecognized option '--json'" }],
  ['says what nobody understands', { stdout: 'x' }],
  ['says nothing', {}],
];
for (const [what, findmnt] of unable)
  test(`our own reading stands in for a findmnt that ${what}`, async (t) => {
    const { found, warnings } = await read('LABEL=\\303\\251 /usr/ ext4\nbad\n', findmnt);
    t.match(found, { ok: true, value: { entries: [{ source: 'LABEL=é', mountPoint: '/usr', line: 1 }] } });
    t.match(warnings, [/fstab:2: has fewer than three fields/]);
  });

test('a file that says nothing needs no program', async (t) => {
  const { found, calls } = await read('# UNCONFIGURED\n\n', null);
  t.match(found, { ok: true, value: { entries: { length: 0 } } });
  t.same(calls, []);
});

test('a large file is read whole, a huge one refused, never cut', async (t) => {
  const comment = `# ${'é'.repeat(1022)}\n`;
  const large = await read(`${comment.repeat(1024)}LABEL=é /usr ext4\n`, null);
  t.match(large.found, { ok: true, value: { entries: [{ mountPoint: '/usr', line: 1025 }] } });
  const huge = await read(comment.repeat(8300), null);
  t.match(huge.found, { ok: false, at: AT, why: 'is larger than 16 MiB' });
});

test('a file that is not there', async (t) => {
  t.match(await read(null, null), { found: { ok: true }, warnings: [/could not be read: no such file/] });
  t.match(await read(null, null, true), { found: { ok: false, at: AT }, warnings: { length: 0 } });
});
