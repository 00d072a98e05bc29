import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { nodeOutputFile } from '../../src/adapters/node/output-file.ts';

const { write } = nodeOutputFile;

test('a regular file keeps its mode and its owner, and nothing else is left behind', async (t) => {
  const folder = t.testdir({ own: 'before', private: 'before' });
  const path = join(folder, 'private');
  chmodSync(path, 0o640);
  const asRoot = process.getuid?.() === 0;
  if (asRoot) chownSync(path, 1234, 2345);
  const { ino } = statSync(path);
  await write(path, 'after\n');
  const { mode, uid, gid, ino: newIno } = statSync(path);
  t.equal(readFileSync(path, 'utf8'), 'after\n');
  t.equal(mode & 0o7777, 0o640);
  if (asRoot) t.same([uid, gid], [1234, 2345]);
  t.not(newIno, ino, 'replaced as a whole');
  t.same(readdirSync(folder).sort(), ['own', 'private']);
});

test('a new file has the mode that the umask leaves', async (t) => {
  const path = join(t.testdir({}), 'new');
  const before = process.umask(0o027);
  await write(path, 'x').finally(() => process.umask(before));
  t.equal(statSync(path).mode & 0o777, 0o640);
});

test('links are followed, also to a file that is not there yet', async (t) => {
  const folder = t.testdir({ real: { file: 'before' } });
  symlinkSync('real/file', join(folder, 'link'));
  symlinkSync('link', join(folder, 'link-to-link'));
  symlinkSync('real/new', join(folder, 'dangling'));
  await write(join(folder, 'link-to-link'), 'after');
  await write(join(folder, 'dangling'), 'new');
  t.equal(readlinkSync(join(folder, 'link-to-link')), 'link');
  t.equal(readlinkSync(join(folder, 'link')), 'real/file');
  t.equal(readFileSync(join(folder, 'real/file'), 'utf8'), 'after');
  t.equal(readFileSync(join(folder, 'real/new'), 'utf8'), 'new');
  symlinkSync('circle', join(folder, 'circle'));
  await t.rejects(write(join(folder, 'circle'), 'x'));
  t.ok(lstatSync(join(folder, 'circle')).isSymbolicLink());
});

test('what is no regular file is written through and stays what it is', async (t) => {
  const folder = t.testdir({});
  await write('/dev/null', 'x');
  t.ok(statSync('/dev/null').isCharacterDevice());
  await t.rejects(write('/dev/full', 'x'), { code: 'ENOSPC' });
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const reader = spawn('cat', [fifo], { stdio: ['ignore', 'pipe', 'inherit'] });
  const read = new Promise<string>((resolve) => {
    let text = '';
    reader.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    reader.on('close', () => resolve(text));
  });
  await write(fifo, 'through\n');
  t.equal(await read, 'through\n');
  t.ok(lstatSync(fifo).isFIFO());
});

test('a file that has lost its name is written where it is', async (t) => {
  const path = join(t.testdir({ gone: 'much longer than what comes' }), 'gone');
  const fd = openSync(path, 'r+');
  unlinkSync(path);
  await write(`/proc/self/fd/${fd}`, 'short');
  t.equal(readFileSync(`/proc/self/fd/${fd}`, 'utf8'), 'short');
});

test('a folder is refused, and what cannot be written leaves all as it was', async (t) => {
  const folder = t.testdir({ kept: 'before', inner: {} });
  await t.rejects(write(join(folder, 'inner'), 'x'), /folder/);
  await t.rejects(write(join(folder, 'kept/below'), 'x'), { code: 'ENOTDIR' });
  await t.rejects(write(join(folder, 'none/below'), 'x'), { code: 'ENOENT' });
  t.same(readdirSync(folder).sort(), ['inner', 'kept']);
});
