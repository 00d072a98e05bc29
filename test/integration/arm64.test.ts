// The programs for arm64, under an emulator of that processor, do what those for x86_64 do.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t, { test } from 'tap';
import type { Arch } from '../../tools/build/base-node.ts';
import { buildBinary } from '../../tools/build/build.ts';
import { buildBootEngine } from '../../tools/build/build-boot-engine.ts';
import { DIST, PACKAGE } from '../../tools/project.ts';
import { COMMANDS, fileBytes, filesCase, fillFolder } from '../support/adapter-cases.ts';
import { runInside, whyNotInside } from '../support/inside-machine.ts';
import { faultsOfMapping } from '../support/mapped-program.ts';
import { play, type Story } from '../support/play-story.ts';
import { answerOf, run } from '../support/run-adapter-program.ts';
import { type ArrayScript, buildMachine } from '../support/scripted-machine.ts';
import { buildSimulatedMachine } from '../support/simulated-machine.ts';

/** Where Debian's cross packages put the libraries of that processor. */
const LIBRARIES = '/usr/aarch64-linux-gnu';

const runs = (program: string): boolean => spawnSync(program, ['--version']).status === 0;
const emulator = ['/usr/bin/qemu-aarch64', '/usr/bin/qemu-aarch64-static'].find(runs);

function whyNot(): string | false {
  if (process.arch !== 'x64') return 'this machine is no x86_64: there is nothing to compare with';
  if (emulator === undefined) return 'no qemu-aarch64 (Debian: qemu-user)';
  if (runs('aarch64-linux-gnu-gcc') && existsSync(join(LIBRARIES, 'lib/libstdc++.so.6'))) return false;
  return 'no C compiler for arm64 (Debian: gcc-aarch64-linux-gnu libc6-dev-arm64-cross)';
}

const skip = whyNot();
t.setTimeout(600_000);

/** How each processor's program is started here. */
type Both = Readonly<Record<Arch, readonly string[]>>;

async function both(build: (arch: Arch) => Promise<string>): Promise<Both> {
  const [x64, arm64] = [await build('x64'), await build('arm64')];
  return { x64: [x64], arm64: [emulator ?? '', '-L', LIBRARIES, arm64] };
}

const onBoth = async <T>(
  programs: Both,
  ask: (program: readonly string[]) => Promise<T>,
): Promise<readonly [T, T]> => Promise.all([ask(programs.x64), ask(programs.arm64)]);

const here: ArrayScript['members'][number] = { arrives: 0, leaves: null, behind: 0 };
const alone = { ...here, alone: true };
const split: ArrayScript = {
  ...{ level: 1, metadata: '1.2', listed: true, assembled: false, degraded: 'start', run: 'works' },
  members: [alone, { ...alone, behind: 5 }],
};

test('the boot engine', { skip }, async (t) => {
  const engine = await both(buildBootEngine);

  await t.test('says its version and its help, and what is misused', async (t) => {
    for (const words of [['--version'], ['--help'], ['gate', '--help'], ['gate', 'no-such'], [], ['boot']]) {
      const [x64, arm64] = await onBoth(engine, (program) => run([...program, ...words]));
      t.strictSame(arm64, x64, words.join(' '));
    }
    t.match(await run([...engine.arm64, '--version']), { status: 0, stdout: `${PACKAGE.version}\n` });
  });

  await t.test('answers udev about a member', { skip: whyNotInside() ?? false }, async (t) => {
    const folder = t.testdir();
    buildMachine(folder, [split]);
    await run(['sh', join(folder, 'bin/coldplug')]);
    for (const device of ['/dev/sdaa', '/dev/sdab']) {
      const words = ['gate', '--export', '--metadata=1.2', device];
      const [x64, arm64] = await onBoth(engine, (program) => runInside(folder, [...program, ...words]));
      t.strictSame(arm64, x64, device);
      t.match(arm64, { status: 0, stdout: /^RELIABLE_RAID_GATE=hold$/m, stderr: '' });
    }
  });
});

test('the boot engine with its own adapters', { skip }, async (t) => {
  const engine = await both((arch) =>
    buildBootEngine(
      arch,
      'test/support/adapter-program-quickjs.ts',
      join(DIST, '.cache', 'test-engine', `adapter-program-of-${arch}`),
    ),
  );

  await t.test('files', async (t) => {
    const cases = fc.array(filesCase, { minLength: 40, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fileBytes, fileBytes, cases, async (a, c, cases) => {
        const [x64, arm64] = await onBoth(engine, (program) =>
          answerOf(program, 'files', cases, (folder) => fillFolder(folder, a, c)),
        );
        t.strictSame(arm64, x64);
      }),
      { numRuns: 3 },
    );
  });

  await t.test('commands', async (t) => {
    const [x64, arm64] = await onBoth(engine, (program) =>
      answerOf(program, 'run', COMMANDS, () => undefined),
    );
    t.strictSame(arm64, x64);
    t.match(arm64, [{ status: 7 }, { stdout: 'out\n', stderr: 'err\n' }]);
  });

  await t.test('a machine where a half of a mirror is chosen', async (t) => {
    const story: Story = {
      arrays: [split],
      words: [
        ['start', '--dry-run'],
        ['start', 'a0'],
      ],
      typed: '2\nyes\n',
    };
    const [x64, arm64] = await onBoth(engine, (program) => play(program, story, 1));
    t.strictSame(arm64, x64);
    t.match(arm64, { happened: { mdadm: [/^mdadm --incremental .*\/sdab /, /^mdadm --run/, ''] } });
  });
});

test('the program', { skip }, async (t) => {
  const program = await both(buildBinary);
  t.strictSame(faultsOfMapping(program.arm64.at(-1) ?? ''), [], 'any kernel can map it');
  const inside = whyNotInside();
  const folder = t.testdir();
  buildSimulatedMachine(folder, { arrays: 2, membersEach: 4, belowRoot: 1 });
  const asked = [['--version'], ['resolve', '--fstab', '/etc/fstab', '--json'], ['status']];
  await Promise.all(
    (inside === null ? asked : asked.slice(0, 1)).map(async (words) => {
      const [x64, arm64] = await onBoth(program, (one) =>
        inside === null ? runInside(folder, [...one, ...words]) : run([...one, ...words]),
      );
      t.strictSame(arm64, x64, words.join(' '));
      t.not(arm64.stdout, '');
    }),
  );
  if (inside !== null) t.comment(`${inside}: only its version was asked for`);
});
