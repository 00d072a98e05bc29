/**
 * What the boots behind a splash are judged by, on pictures that such boots have shown: one without the message does not pass for one with
 * it, however tolerantly it is read.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t, { test } from 'tap';
import { ROOT } from '../../tools/project.ts';
import { readScreen } from '../boot/scenario/read-screen.ts';
import { screenProblem } from '../boot/scenario/screen-words.ts';

// A busy host takes long to read a screen full of lines.
t.setTimeout(600_000);

const hasReader = spawnSync('tesseract', ['--version']).status === 0;
const pictures = { skip: hasReader ? false : 'tesseract is not installed (Debian: tesseract-ocr)' };

const read = (name: string): Promise<string> =>
  readScreen(join(ROOT, 'test/fixtures/screens', `${name}.png`));

const waits = [
  'Waiting for QEMU_HARDDISK (serial disk2) of array md0',
  'until it starts degraded [d] now [Return] shell',
];
const prompt = 'Please unlock disk md0_crypt';
const degraded = 'Array md0 runs degraded: see "man reliable-raid"';
const shell = ['Rescue shell. The countdown is paused while it is open', 'built-in commands. (initramfs)'];

const problem = (
  text: string,
  words: readonly string[],
  without: readonly string[] = [],
): string | undefined => screenProblem(text, { words, without });

test('the notice on a picture', pictures, async (t) => {
  const picture = await read('notice');
  t.equal(problem(picture, [...waits, 'serial disk2'], ['NOTICE: array md0', prompt]), undefined);
  t.match(problem(picture, ['serial disk1']), /without "serial disk1"/, 'another disk');
  t.match(problem(picture, waits, ['until it starts degraded']), /with "until it starts degraded"/);
});

test('a shell that stands behind a frozen picture is not seen', pictures, async (t) => {
  t.match(problem(await read('notice'), shell), /without "Rescue shell[^"]*", without "built-in/);
  t.equal(problem(await read('shell'), [...shell, 'serial disk1', 'serial disk2']), undefined);
  t.match(problem(await read('shell'), waits), /without "Waiting for[\s\S]*read there:[\s\S]*BusyBox/);
});

test('a screen of the lines of the boot says nothing of ours', pictures, async (t) => {
  const lines = await read('lines-of-the-boot');
  t.equal(problem(lines, ['measuring software checksum speed', 'Attached SCSI disk']), undefined);
  for (const words of [...waits, 'serial disk2', prompt, degraded, ...shell, 'NOTICE: array md0'])
    t.match(problem(lines, [words]), /^without /, words);
});

test('the passphrase prompt, with what stands below it and without', pictures, async (t) => {
  t.equal(problem(await read('prompt'), [prompt, degraded], waits), undefined);
  t.equal(problem(await read('prompt-alone'), [prompt]), undefined);
  t.match(problem(await read('prompt-alone'), [prompt, degraded]), /^without "Array md0 runs degraded/);
});

test('the text theme', pictures, async (t) => {
  t.equal(problem(await read('notice-as-text'), [...waits, 'serial disk2']), undefined);
});

test('letters that are read for others', async (t) => {
  t.equal(
    problem('Array md@ (1 0f Z members) 1s n0t c0mp1ete', ['array md0 (1 of 2 members) is not complete']),
    undefined,
  );
  t.equal(problem('until it starts\n  degraded Cd] now', ['until it starts degraded [d] now']), undefined);
  t.match(
    problem('until it starts degraded', ['until it starts degraded [d] now']),
    /without/,
    'a word is missing',
  );
  t.match(problem('serial disk3', ['serial disk2']), /without/, 'a short word is as it is');
  t.match(problem('', ['d']), /without "d"; read there:\n$/);
});

test('a picture that is not there', pictures, async (t) => {
  await t.rejects(read('none'), /tesseract cannot read .*none\.png/);
});
