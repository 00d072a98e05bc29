// The program that goes into images, as it is shipped: small, alone, deaf to its environment.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'tap';
import { hostArch } from '../../tools/build/arch.ts';
import { buildBootEngine, SIZE_BUDGET_BYTES } from '../../tools/build/build-boot-engine.ts';
import { DIST, PACKAGE } from '../../tools/project.ts';
import { type ArrayScript, buildMachine } from '../support/scripted-machine.ts';

const MAX_COMPRESSED_BYTES = 1_000_000;
const MAX_RESIDENT_KB = 6_000;

const engine = await buildBootEngine(hostArch());
const testProgram = (name: string) =>
  buildBootEngine(hostArch(), `test/support/${name}.ts`, join(DIST, '.cache', 'test-engine', name));
const run = (args: readonly string[], env: Record<string, string> = {}) =>
  spawnSync(engine, args, { encoding: 'utf8', env, timeout: 20_000 });

test('it keeps within its size', async (t) => {
  const { size } = statSync(engine);
  t.ok(size <= SIZE_BUDGET_BYTES, `${size} bytes, at most ${SIZE_BUDGET_BYTES}`);
  const zstd = spawnSync('zstd', ['-19', '-q', '-c', engine], { maxBuffer: 8 * SIZE_BUDGET_BYTES });
  if (zstd.error === undefined)
    t.ok(zstd.stdout.length <= MAX_COMPRESSED_BYTES, `${zstd.stdout.length} bytes as zstd -19 makes it`);
  else t.comment('zstd is not installed: the compressed size is not tested');
});

test('it needs no library', async (t) => {
  const elf = readFileSync(engine);
  t.notOk(elf.includes('/ld-linux'), 'no dynamic loader');
});

test('no text becomes a program', async (t) => {
  const tries = await testProgram('no-eval-quickjs');
  const { status, stdout } = spawnSync(tries, { encoding: 'utf8' });
  t.strictSame(
    { status, said: [...new Set(stdout.split('\n'))] },
    { status: 0, said: ['eval is not supported', 'not imported', ''] },
  );
});

test('--version, --help and misuse, with the exit statuses of the full program', async (t) => {
  t.match(run(['--version']), { status: 0, stdout: `${PACKAGE.version}\n`, stderr: '' });
  t.match(run(['--help']), { status: 0, stdout: /boot --stage STAGE/, stderr: '' });
  t.match(run(['gate', '--help']), { status: 0, stdout: /gate DEVICE/, stderr: '' });
  t.match(run(['gate', 'no-such']), {
    status: 0,
    stdout: 'pass: no such device\n',
    stderr: '',
  });
  for (const args of [
    [],
    ['frobnicate'],
    ['boot'],
    ['boot', '--stage', 'x'],
    ['boot', '--stage'],
    ['start', '--x'],
    ['gate'],
    ['gate', 'sda', 'sdb'],
    ['gate', '--x', 'sda'],
  ])
    t.match(run(args), { status: 2, stdout: '', stderr: /--help lists the commands/ }, args.join(' '));
  t.match(
    run(['boot', '--stage', '\u001b[2Jx']).stderr,
    /^[\x20-\x7e\n]*$/,
    'nothing reaches the terminal raw',
  );
});

test('a missing, cut, hostile or huge watchlist is an error and no crash', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-engine-'));
  const file = join(folder, 'watchlist.json');
  const boot = () => run(['boot', '--stage', 'before-passphrase', '--watchlist', file]);
  try {
    t.match(boot(), { status: 1, stderr: /watchlist\.json: not found; on the running system/ });
    const texts = ['', '{', 'null', '[]', '{"schema":"reliable-raid/watchlist/9"}', '\0', '\ud800', '1e999'];
    for (const text of [...texts, '['.repeat(4_000_000), '{"a":'.repeat(1_000_000), '9'.repeat(9_000_000)]) {
      writeFileSync(file, text);
      const { status, signal, stderr } = boot();
      t.strictSame({ status, signal }, { status: 1, signal: null }, text.slice(0, 40));
      t.match(stderr, /^reliable-raid: [\x20-\x7e]*\n$/);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('no variable of the environment changes anything', async (t) => {
  const plain = run(['boot', '--stage', 'before-passphrase']);
  const env = {
    GLIBC_TUNABLES: 'glibc.malloc.check=3:glibc.malloc.perturb=165',
    MALLOC_ARENA_MAX: '1',
    MALLOC_TRACE: '/tmp/reliable-raid-trace',
    NODE_OPTIONS: '--help',
    LD_PRELOAD: '/nonexistent.so',
    TZ: 'Nowhere/Else',
    LC_ALL: 'tr_TR.UTF-8',
    PATH: '/nonexistent',
  };
  const { status, stdout, stderr } = run(['boot', '--stage', 'before-passphrase'], env);
  t.strictSame({ status, stdout, stderr }, { status: 1, stdout: '', stderr: plain.stderr });
});

test('a disk that does not answer holds up only what asks it', async (t) => {
  const program = await testProgram('hanging-disk-quickjs');
  const beganAtMs = Date.now();
  const { status, stdout } = spawnSync(program, [engine], { encoding: 'utf8', timeout: 20_000 });
  t.strictSame({ status, stdout }, { status: 0, stdout: 'read soon\nnothing late, read soon, read soon\n' });
  t.ok(Date.now() - beganAtMs < 9_000, 'and not its end');
});

test('closed standard descriptors are no way to write into its files', async (t) => {
  const closed = spawnSync('sh', ['-c', `exec "${engine}" --version <&- >&- 2>&-`], { encoding: 'utf8' });
  t.match(closed, { status: 1, stdout: '' }, 'what it had to say could not be said');
});

test('it takes little memory while it waits', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'reliable-raid-engine-'));
  const member = { arrives: 0, leaves: null, behind: 0 };
  const array: ArrayScript = {
    ...{ level: 6, metadata: '1.2', listed: true, assembled: false, degraded: 'start', run: 'works' },
    members: [
      member,
      { ...member, arrives: null },
      { ...member, arrives: null },
      { ...member, arrives: null },
    ],
  };
  buildMachine(root, [array, array]);
  const words = [
    root,
    '1',
    'engine',
    'boot',
    '--stage',
    'before-passphrase',
    '--watchlist',
    join(root, 'etc/watchlist.json'),
  ];
  const waiting = spawn(await testProgram('adapter-program-quickjs'), words, { stdio: 'ignore' });
  try {
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const status = readFileSync(`/proc/${waiting.pid}/status`, 'utf8');
    const mostKb = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
    t.ok(mostKb <= MAX_RESIDENT_KB, `${mostKb} kB, at most ${MAX_RESIDENT_KB}`);
  } finally {
    waiting.kill();
    rmSync(root, { recursive: true });
  }
});
