// `resolve` as a hook and a person call it: what is written, what is said, which exit status.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import t, { type Test } from 'tap';
import { nodeOutputFile } from '../../src/adapters/node/output-file.ts';
import { NodeRunner } from '../../src/adapters/node/runner.ts';
import type { Machine } from '../../src/app/machine.ts';
import { whyItFailed } from '../../src/app/why-it-failed.ts';
import { addResolveCommand } from '../../src/cli/commands/resolve.ts';
import { parseWatchlist } from '../../src/core/watchlist/watchlist-file.ts';
import { buildSimulatedMachine, type MachineSize } from '../support/simulated-machine.ts';

interface Host {
  readonly folder: string;
  readonly image: string;
  put(path: string, text: string): void;
  /** Runs `resolve` with these words. */
  run(...words: string[]): Promise<{ status: number; stdout: string; stderr: string }>;
}

function host(
  t: Test,
  fstab = 'UUID=root-uuid / ext4 defaults 0 1\n',
  size: Partial<MachineSize> = {},
): Host {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'reliable-raid-resolve-')));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const sources = buildSimulatedMachine(folder, {
    ...{ arrays: 3, membersEach: 2, belowRoot: 2 },
    ...size,
  });
  const put = (path: string, text: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  put('etc/fstab', fstab);
  put('proc/sys/kernel/hostname', 'box\n');
  put('image/etc/mdadm/mdadm.conf', 'HOMEHOST <system>\n');
  const runner = new NodeRunner(`${join(folder, 'bin')}:/usr/bin:/bin`);
  const machine = { ...sources, runner } as unknown as Machine;
  const run = async (...words: string[]) => {
    const program = new Command().exitOverride();
    let status = -1;
    addResolveCommand(
      program,
      () => machine,
      nodeOutputFile,
      (code) => {
        status = code;
      },
    );
    const said = captureOutput();
    try {
      await program.parseAsync(['resolve', ...words], { from: 'user' });
    } finally {
      said.stop();
    }
    return { status, stdout: said.stdout(), stderr: said.stderr() };
  };
  return { folder, image: join(folder, 'image'), put, run };
}

function captureOutput() {
  const { stdout, stderr } = process;
  const texts = { stdout: '', stderr: '' };
  const real = { stdout: stdout.write, stderr: stderr.write };
  stdout.write = ((text: string) => {
    texts.stdout += text;
    return true;
  }) as typeof stdout.write;
  stderr.write = ((text: string) => {
    texts.stderr += text;
    return true;
  }) as typeof stderr.write;
  return {
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    stop: () => {
      stdout.write = real.stdout;
      stderr.write = real.stderr;
    },
  };
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !['etc', 'etc/mdadm', 'etc/reliable-raid'].includes(name))
    .sort();

t.test('an image gets the watchlist, the plain list and what mdadm needs', async (t) => {
  const { image, run } = host(t);
  const { status, stdout, stderr } = await run('--image', image);
  t.equal(status, 0);
  t.equal(stdout + stderr, '');
  t.same(filesBelow(image), [
    'etc/mdadm/mdadm.conf',
    'etc/reliable-raid/arrays',
    'etc/reliable-raid/policies',
    'etc/reliable-raid/watchlist.json',
  ]);
  const watchlist = parseWatchlist(readFileSync(join(image, 'etc/reliable-raid/watchlist.json'), 'utf8'));
  t.match(watchlist, { ok: true, value: { hostName: 'box', arrays: { length: 2 } } });
  const [first, second] = ['00000000', '00000001'].map((head) => `${head}:00000000:00000000:000000aa`);
  t.equal(
    readFileSync(join(image, 'etc/reliable-raid/arrays'), 'utf8'),
    `${first} before\n${second} before\n`,
  );
  t.equal(
    readFileSync(join(image, 'etc/mdadm/mdadm.conf'), 'utf8'),
    `HOMEHOST <system>\n# added by reliable-raid for this image\nARRAY /dev/md0 UUID=${first}\nARRAY /dev/md1 UUID=${second}\n`,
  );
});

t.test('the image gets by UUID what the configuration says by name', async (t) => {
  const { image, put, run } = host(t);
  put(
    'etc/reliable-raid/config.toml',
    '[array.md0]\ndegraded = "never"\nwait = = 3\n[array.md99]\nwait = 1\n',
  );
  const { status, stderr } = await run('--image', image);
  t.equal(status, 0);
  const said = stderr.split('\n').slice(0, -1);
  t.match(said, [
    /config\.toml:3: no TOML .*the line is ignored$/,
    /config\.toml:4: \[array\."md99"\] is no array of this machine/,
  ]);
  t.equal(said.length, 2);
  const watchlist = parseWatchlist(readFileSync(join(image, 'etc/reliable-raid/watchlist.json'), 'utf8'));
  t.ok(watchlist.ok);
  if (!watchlist.ok) return;
  const policies = watchlist.value.arrays.map(
    ({ uuid, degraded, waitMs }) => `${uuid.slice(0, 8)} ${degraded} ${waitMs}`,
  );
  t.same(policies, ['00000000 never 20000', '00000001 start 20000']);
});

t.test('nothing is written where no array is needed', async (t) => {
  const { image, run } = host(t, 'tmpfs / tmpfs defaults 0 0\n');
  const { status, stderr } = await run('--image', image);
  t.equal(status, 0);
  t.match(stderr, /no md array is needed to mount \/: nothing is added to the image/);
  t.same(filesBelow(image), ['etc/mdadm/mdadm.conf']);
  t.equal(readFileSync(join(image, 'etc/mdadm/mdadm.conf'), 'utf8'), 'HOMEHOST <system>\n');
});

t.test('a root that cannot be resolved leaves the image alone, and fails it only with strict', async (t) => {
  const { image, put, run } = host(t, 'UUID=nobody / ext4 defaults 0 0\n');
  const lenient = await run('--image', image);
  t.equal(lenient.status, 0);
  t.match(lenient.stderr, /error: \/: UUID=nobody: no block device matches it/);
  t.match(lenient.stderr, /the image is left as the distribution makes it/);
  put('etc/reliable-raid/config.toml', 'strict = true\n');
  t.equal((await run('--image', image)).status, 3);
  t.same(filesBelow(image), ['etc/mdadm/mdadm.conf']);
});

t.test('an image that cannot be written to: said, nothing of ours listed', async (t) => {
  const { image, put, run } = host(t);
  put('image/etc/reliable-raid/watchlist.json/in-the-way', '');
  const { status, stderr } = await run('--image', image);
  t.equal(status, 0);
  t.match(stderr, /error: .*image: /);
  t.notOk(existsSync(join(image, 'etc/reliable-raid/arrays')));
  put('file', '');
  t.match((await run('--image', join(image, '../file'))).stderr, /error: .*ENOTDIR: not a directory, mkdir/);
});

t.test('forms and files', async (t) => {
  const { folder, run } = host(t);
  const tree = await run();
  t.equal(tree.status, 0);
  t.match(tree.stdout, /^\/\n`-- lvm vgroot\/root\n {4}\|-- md md0 raid6 of 2, metadata 1.2\n/);
  t.match(parseWatchlist((await run('--json')).stdout), { ok: true });
  t.match((await run('--dot')).stdout, /^digraph boot/);
  t.match((await run('--svg')).stdout, /^<svg /);
  const file = join(folder, 'tree.txt');
  t.match(await run('--output', file), { status: 0, stdout: '' });
  t.equal(readFileSync(file, 'utf8'), tree.stdout);
  const nowhere = await run('--output', join(folder, 'none/tree.txt'));
  t.equal(nowhere.status, 1);
  t.match(nowhere.stderr, /none\/tree.txt: could not be written: .*ENOENT/);
});

t.test('what cannot be obeyed is a usage error', async (t) => {
  const { run } = host(t);
  await t.rejects(run('--json', '--dot'), { message: '--json and --dot cannot be used together' });
  await t.rejects(run('--image', '/x', '--svg'), { message: '--svg and --image cannot be used together' });
  await t.rejects(run('--image', '/x', '--output', 'y'), { message: /cannot be used together/ });
  await t.rejects(run('--root', 'relative'), {
    message: /--root relative: expected a path that begins with/,
  });
});

t.test('a program that is missing, or does not end', async (t) => {
  const { folder } = host(t);
  const runner = new NodeRunner(join(folder, 'bin'));
  t.equal(whyItFailed(await runner.run(['no-such-tool'])), 'is not installed');
  writeFileSync(join(folder, 'bin/hangs'), '#!/bin/sh\nexec /bin/sleep 60\n', { mode: 0o755 });
  const hangs = await runner.run([join(folder, 'bin/hangs')], { timeoutMs: 100 });
  t.equal(whyItFailed(hangs), 'could not be run: timed out after 0.1 s');
});

t.test('a failing or unpermitted tool is named, in its own words', async (t) => {
  const { folder, run } = host(t);
  const script = (name: string, text: string) => {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, 'bin', name), 0o755);
  };
  script('mdadm', 'echo "mdadm: must be super-user to perform this action" >&2; exit 1');
  const mdadm = await run();
  t.equal(mdadm.status, 1);
  t.match(mdadm.stderr, /error: mdadm: failed with status 1: mdadm: must be super-user .*\(run it as root\)/);
  script('lsblk', 'printf "bad \\033[31mnews\\n" >&2; exit 32');
  t.match((await run()).stderr, /error: lsblk: failed with status 32: bad \\x1b\[31mnews\n/);
  script('lsblk', 'echo "{}"');
  t.match((await run()).stderr, /error: lsblk: blockdevices: must be a list\n/);
  t.match((await run('--fstab', '/nowhere')).stderr, /error: \/nowhere: could not be read: /);
});

t.test('an image for a kernel that is too old for an array of root', async (t) => {
  const { image, put, run } = host(t, undefined, { logicalBlockBytes: 4096 });
  put('image/usr/lib/modules/6.12.9-amd64/modules.dep', '');
  const old = await run('--image', image);
  t.equal(old.status, 0);
  t.match(old.stderr, /warning: kernel 6\.12\.9-amd64 cannot start array/);
  put('image/usr/lib/modules/7.3.4-amd64/modules.dep', '');
  rmSync(join(image, 'usr/lib/modules/6.12.9-amd64'), { recursive: true });
  t.notMatch((await run('--image', image)).stderr, /cannot start/);
});
