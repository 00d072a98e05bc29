import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { NodeClock } from '../../src/adapters/node/clock.ts';
import { NodeDeviceEvents } from '../../src/adapters/node/device-events.ts';
import { NodeFiles } from '../../src/adapters/node/files.ts';
import { NodeRunner } from '../../src/adapters/node/runner.ts';

const SYSTEM = '/usr/bin:/bin';

/** A folder with these programs, as a search path that goes before the system's. */
function programs(
  t: Test,
  scripts: Readonly<Record<string, string>>,
): { folder: string; searchPath: string } {
  const folder = t.testdir({});
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { folder, searchPath: `${folder}:${SYSTEM}` };
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function until(condition: () => boolean): Promise<boolean> {
  for (let i = 0; i < 200; i++) {
    if (condition()) return true;
    await sleep(25);
  }
  return false;
}

test('the clock is the time since the kernel started', async (t) => {
  const clock = new NodeClock();
  const uptimeMs = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000;
  t.ok(clock.nowMs() <= uptimeMs + 1000, 'a suspend only makes the other one larger');
  const from = clock.nowMs();
  let called = false;
  const cancel = clock.after(10, () => {
    called = true;
  });
  cancel();
  await new Promise<void>((resolve) => {
    clock.after(30, resolve);
  });
  t.notOk(called);
  t.ok(clock.nowMs() - from >= 25);
});

test('a time-out ends a program and its children, even one that will not', async (t) => {
  const { folder, searchPath } = programs(t, {
    parent: 'sh -c "trap : TERM; while :; do echo x >>$1/child; sleep 0.05; done" - "$1" &\nsleep 60',
  });
  const runner = new NodeRunner(searchPath);
  const result = await runner.run(['parent', folder], { timeoutMs: 300 });
  t.match(result, { status: null, error: 'timed out after 0.3 s' });
  await sleep(1500);
  const size = readFileSync(join(folder, 'child')).length;
  await sleep(300);
  t.equal(readFileSync(join(folder, 'child')).length, size, 'the child has stopped writing');
});

test('a program that hangs is ended soon; one that works, or waits for a disk, is not', async (t) => {
  const { searchPath } = programs(t, {
    hangs: 'sleep 60',
    works: 'n=0; while [ $n -lt 200 ]; do n=$((n + 1)); sleep 0.01; done; echo done',
  });
  const runner = new NodeRunner(searchPath);
  const from = Date.now();
  const hangs = await runner.run(['hangs'], { timeoutMs: 60_000, hangsAfterMs: 500 });
  t.match(hangs, { status: null, error: 'hung: it did nothing for 0.5 s and was ended' });
  t.ok(Date.now() - from < 20_000);
  t.match(await runner.run(['works'], { timeoutMs: 60_000, hangsAfterMs: 1000 }), { stdout: 'done\n' });
  t.match(await runner.run(['hangs'], { timeoutMs: 300, hangsAfterMs: 60_000 }), {
    error: 'timed out after 0.3 s',
  });
});

test('a daemon left behind does not hold the result up', async (t) => {
  const from = Date.now();
  t.match(await new NodeRunner(SYSTEM).run(['sh', '-c', 'sleep 5 & echo done']), {
    status: 0,
    stdout: 'done\n',
  });
  t.ok(Date.now() - from < 3000);
});

test('events of udevadm monitor, from the moment it listens', async (t) => {
  const { folder, searchPath } = programs(t, {
    udevadm: `echo "$@" >>${'$'}{0%/*}/log
      [ "$1" = monitor ] || exit 0
      sleep 0.3
      printf 'monitor will print the received events for:\\nUDEV - the event which udev sends out\\n\\n'
      while [ ! -e ${'$'}{0%/*}/plugged ]; do sleep 0.02; done
      printf 'UDEV  [1.0] add /x\\nACTION=add\\nDEVPATH=/x/sda\\n\\nACTION=bind\\nDEVPATH=/x/sdb\\n\\n'
      while [ ! -e ${'$'}{0%/*}/over ]; do sleep 0.02; done
      exit 3`,
  });
  const events: string[] = [];
  let end = '';
  const source = new NodeDeviceEvents(new NodeRunner(searchPath), searchPath);
  const from = Date.now();
  await source.watch(
    ({ action, device }) => events.push(`${action} ${device}`),
    (why) => {
      end = why;
    },
  ).listening;
  t.ok(Date.now() - from >= 250, 'not before it listens');
  writeFileSync(join(folder, 'plugged'), '');
  t.ok(await until(() => events.length === 2));
  t.strictSame(events, ['add sda', 'other sdb']);
  t.equal(end, '');
  writeFileSync(join(folder, 'over'), '');
  t.ok(await until(() => end !== ''));
  t.match(end, /^udevadm monitor ended: .*3/);

  await source.settle(1500);
  t.match(readFileSync(join(folder, 'log'), 'utf8'), /settle --timeout=2\n/);
});

test('no udevadm: the end is told, and a watch that was ended tells nothing', async (t) => {
  let ends = 0;
  const count = (): void => {
    ends++;
  };
  const none = t.testdir({});
  await new NodeDeviceEvents(new NodeRunner(none), none).watch(() => undefined, count).listening;
  t.ok(await until(() => ends === 1));
  const { searchPath } = programs(t, { udevadm: 'echo UDEV; exec sleep 60' });
  const watch = new NodeDeviceEvents(new NodeRunner(searchPath), searchPath).watch(() => undefined, count);
  await watch.listening;
  watch.end();
  await sleep(300);
  t.equal(ends, 1);
});

test('a durable file is there whole or not at all', async (t) => {
  const folder = t.testdir({ old: 'before' });
  const files = new NodeFiles();
  await files.writeDurably(join(folder, 'old'), 'after');
  t.equal(await files.readText(join(folder, 'old')), 'after');
  mkdirSync(join(folder, 'is-a-folder'));
  await t.rejects(files.writeDurably(join(folder, 'is-a-folder'), 'x'));
  await t.rejects(files.writeDurably(join(folder, 'nowhere/x'), 'x'));
  t.strictSame(readdirSync(folder).sort(), ['is-a-folder', 'old'], 'no temporary file is left');
});

test('a folder is made with those above it, and only where there is room for one', async (t) => {
  const folder = t.testdir({ file: '' });
  const files = new NodeFiles();
  await files.makeFolder(join(folder, 'a/b'));
  await files.makeFolder(join(folder, 'a/b'));
  t.ok(await files.exists(join(folder, 'a/b')));
  await t.rejects(files.makeFolder(join(folder, 'file')));
  await t.rejects(files.makeFolder(join(folder, 'file/b')), /ENOTDIR/);
});

test('long reads past the page cache, with other ones at once', async (t) => {
  const folder = t.testdir({});
  const path = join(folder, 'device');
  const bytes = Buffer.alloc(1024 * 1024);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(at, at);
  writeFileSync(path, bytes);
  const files = new NodeFiles();
  const places = [0, 512, 131_072, 200_192, 700_416];
  const lengths = [4608, 8192, 131_072, 300_032];
  const reads = places.flatMap((offset) => lengths.map((length) => [offset, length] as const));
  const read = await Promise.all(reads.map(([offset, length]) => files.readBytes(path, offset, length)));
  for (const [index, [offset, length]] of reads.entries())
    t.ok(
      bytes.subarray(offset, offset + length).equals(read[index] ?? Buffer.alloc(0)),
      `${offset} ${length}`,
    );
});

test('reads that are cut, short or not allowed', async (t) => {
  const folder = t.testdir({ text: 'x'.repeat(100_000), small: 'abc' });
  const files = new NodeFiles();
  t.equal((await files.readText(join(folder, 'text'), 10))?.length, 10);
  t.equal((await files.readText(join(folder, 'text')))?.length, 100_000);
  t.equal(await files.readBytes(join(folder, 'small'), 0, 4096), null, 'not all of it is there');
  t.equal((await files.readBytes(join(folder, 'text'), 4096, 4096))?.length, 4096);
  t.equal(await files.readBytes(join(folder, 'text'), 0, 102_400), null, 'longer than it is');
  t.equal((await files.readFile(join(folder, 'text'), 70_000))?.length, 70_000);
  t.same(await files.readFile(join(folder, 'small'), 10), Buffer.from('abc'));
  t.equal(await files.readFile(folder, 10), null);
  t.equal(await files.readFile(join(folder, 'no'), 10), null);
  t.strictSame(await files.readTextOrReason(join(folder, 'no')), {
    reason: 'missing',
    detail: `ENOENT: no such file or directory, open '${join(folder, 'no')}'`,
  });
  t.equal(await files.readText(folder), null);
  const many = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      files.readBytes(join(folder, 'text'), 512 * i - (i % 2) * 7 * i, 512),
    ),
  );
  t.ok(many.filter((bytes) => bytes !== null).length > 150, 'more at once than there are aligned buffers');
});
