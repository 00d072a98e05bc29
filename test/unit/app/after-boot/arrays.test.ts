import { test } from 'tap';
import { decideArrays } from '../../../../src/app/after-boot/arrays.ts';
import { parseReport } from '../../../../src/core/report/report-file.ts';
import type { RunResult } from '../../../../src/ports/runner.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { encode1 } from '../../../support/encode-superblock.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';
import { mirrorFiles } from '../../../support/mirror-files.ts';

const NOW_MS = 60_000;
const REPORT = '/run/reliable-raid/arrays.json';
const MARK = '/run/reliable-raid/decided/md127';
const LIST_JOBS = 'systemctl list-jobs --plain --no-legend';
const STATE = '/sys/class/block/md127/md/array_state';

/** A mirror of which one member is there, bound to an md device that does not run. */
function machineWith(texts: Readonly<Record<string, string>> = {}, answers = runs) {
  const files = new MemoryFiles({
    '/proc/cmdline': 'quiet\n',
    '/proc/sys/kernel/hostname': 'host\n',
    '/run/reliable-raid/discovery': '30.0\n',
    '/sys/class/block/sda1/dev': '8:1\n',
    '/sys/class/block/sda1/size': '8192\n',
    '/sys/class/block/sda1/holders/md127/dev': '9:127\n',
    '/run/udev/data/b8:1': 'E:ID_FS_TYPE=linux_raid_member\nE:ID_FS_VERSION=1.2\n',
    [STATE]: 'inactive\n',
    '/sys/class/block/md127/md/metadata_version': '1.2\n',
    '/sys/class/block/md127/md/dev-sda1/state': 'in_sync\n',
    ...texts,
  });
  const disk = new Uint8Array(8192 * 512);
  disk.set(encode1({}, 8), 4096);
  files.bytes.set('/dev/sda1', disk);
  const runner = answeringRunner((argv) => answers(argv, files));
  return { ...idleMachine(new LeapingClock(NOW_MS), files), files, runner };
}

function runs(argv: readonly string[], files: MemoryFiles): Partial<RunResult> {
  if (argv[1] === '--run') files.texts.set(STATE, 'read-auto\n');
  return { status: 0 };
}

async function decide(machine: ReturnType<typeof machineWith>) {
  const said: string[] = [];
  const status = await decideArrays(machine, (line) => said.push(line));
  return { status, said: said.join('\n'), calls: machine.runner.calls.filter((call) => call !== LIST_JOBS) };
}

test('half an array whose wait is over is started, and the last resort is told to leave it', async (t) => {
  const machine = machineWith();
  const { status, calls } = await decide(machine);
  t.equal(status, 0);
  t.same(calls, ['mdadm --run /dev/md127']);
  t.ok(machine.files.texts.has(MARK));
  const report = parseReport(machine.files.texts.get(REPORT) ?? '', REPORT);
  t.match(report, { ok: true, value: { discoveryAtMs: 30_000, outcome: 'up', arrays: [{ name: 'root' }] } });
});

/** systemd waits for /home; `shown`: what went to a console. */
function heldMachine(held: boolean) {
  const shown: string[] = [];
  const jobs = held
    ? '1 sysinit.target start waiting\n2 dev-md127.device start running\n'
    : '1 multi-user.target start waiting\n2 dev-md127.device start running\n';
  const machine = machineWith({}, (argv, files) => {
    if (argv[1] === 'list-jobs')
      return { status: 0, stdout: files.texts.get(STATE) === 'inactive\n' ? jobs : '' };
    return runs(argv, files);
  });
  const console = { name: 'ttyS0', write: (text: string) => void shown.push(text) };
  return { ...machine, consoles: { ...machine.consoles, open: async () => [console] }, shown };
}

test('while systemd holds the boot for a device, notice and countdown are on the consoles, and in the journal without the countdown', async (t) => {
  const machine = heldMachine(true);
  const { status, said } = await decide(machine);
  t.equal(status, 0);
  const shown = machine.shown.join('');
  t.match(shown, /NOTICE: array root .*\n[\s\S]*\[Esc\] or \[d\] start degraded now\s+no rescue shell/);
  t.match(shown, /Seconds until root is started degraded/);
  t.match(said, /NOTICE: array root/);
  t.notMatch(said, /Seconds until/);
});

test('that the boot is held is known before anything is decided: what only a person starts is not given up at the first look', async (t) => {
  const machine = heldMachine(true);
  machine.files.texts.set('/proc/cmdline', 'reliable_raid.degraded=ask reliable_raid.wait=0\n');
  let keysWanted = 0;
  const console = { name: 'ttyS0', write: () => undefined };
  const open = async (onInput: (name: string, bytes: Uint8Array) => void) => {
    keysWanted++;
    machine.clock.after(60_000, () => onInput('ttyS0', new TextEncoder().encode('d')));
    return [console];
  };
  // systemd is slower to answer than a disk is to be read.
  const run: typeof machine.runner.run = async (argv) => {
    if (argv[1] === 'list-jobs') await new Promise<void>((resolve) => machine.clock.after(1000, resolve));
    return machine.runner.run(argv);
  };
  const runner = { ...machine.runner, run };
  const typing = { ...machine, runner, consoles: { ...machine.consoles, open } };
  const { calls } = await decide(typing);
  t.equal(keysWanted, 1);
  t.same(calls, ['mdadm --run /dev/md127']);
});

test('a boot that is not held hears of it in the journal only', async (t) => {
  const machine = heldMachine(false);
  const { said } = await decide(machine);
  t.match(said, /starting array root degraded/);
  t.equal(machine.shown.join(''), '');
});

test('a dry run says what would be done, and does nothing', async (t) => {
  const machine = machineWith({ [MARK]: 'kept' });
  const said: string[] = [];
  t.equal(await decideArrays(machine, (line) => said.push(line), { dryRun: true }), 0);
  t.match(said.join('\n'), /degraded = "start": started degraded/);
  t.same(machine.runner.calls, []);
  t.same(machine.files.writes, []);
  t.ok(machine.files.texts.has(MARK));
});

test('the second time it waits for as long as ever', async (t) => {
  const machine = machineWith({ [REPORT]: '' });
  await decide(machine);
  const report = parseReport(machine.files.texts.get(REPORT) ?? '', REPORT);
  const timeline = report.ok ? report.value.timeline : [];
  t.equal(timeline.find(({ kind }) => kind === 'deadline')?.atMs, NOW_MS + 20_000);
});

test('everything runs: nothing is read, written or run', async (t) => {
  const machine = machineWith({ [STATE]: 'clean\n', [MARK]: 'an earlier one\n' });
  t.match(await decide(machine), { status: 0, said: '', calls: [] });
  t.notOk(machine.files.texts.has(MARK), 'what an earlier run has decided is over');
  t.notOk(machine.files.texts.has(REPORT));
});

/** A mirror that runs without sdb1, which md has left out; `begun`: half of another array is there besides. */
function leftOutOf(begun: boolean) {
  const files = mirrorFiles({ isWhole: false });
  files.links.set('/dev/sdb1', '/dev/sdb1');
  files.numbers.set('/dev/sdb1', '8:2');
  files.texts.set('/run/reliable-raid/discovery', '30.0\n');
  if (begun) {
    files.texts.set('/sys/class/block/sdc1/dev', '8:33\n');
    files.texts.set('/sys/class/block/sdc1/size', '8192\n');
    files.texts.set('/sys/class/block/sdc1/holders/md127/dev', '9:127\n');
    files.texts.set('/run/udev/data/b8:33', 'E:ID_FS_TYPE=linux_raid_member\nE:ID_FS_VERSION=1.2\n');
    files.texts.set(STATE, 'inactive\n');
    files.texts.set('/sys/class/block/md127/md/metadata_version', '1.2\n');
    files.texts.set('/sys/class/block/md127/md/dev-sdc1/state', 'in_sync\n');
    const disk = new Uint8Array(8192 * 512);
    disk.set(encode1({ arrayUuidBytes: new Array(16).fill(7) }, 8), 4096);
    files.bytes.set('/dev/sdc1', disk);
  }
  const runner = answeringRunner((argv) => runs(argv, files));
  return { ...idleMachine(new LeapingClock(NOW_MS), files), files, runner };
}

test('whom md has left out of an array is re-added, whether or not something is to be decided', async (t) => {
  const readd = 'systemctl --no-block start reliable-raid-readd@8:2.service';
  t.same((await decide(leftOutOf(false))).calls, [readd]);
  t.same((await decide(leftOutOf(true))).calls, ['mdadm --run /dev/md127', readd]);
});

test('left to the distribution: switched off, or the settings cannot be read', async (t) => {
  const off = machineWith({ '/proc/cmdline': 'reliable_raid=off\n' });
  t.match(await decide(off), { status: 0, said: /off/, calls: [] });
  const unread = machineWith({ '/etc/reliable-raid/config.toml': '' }, () => ({ status: 127 }));
  const { status, said, calls } = await decide(unread);
  t.equal(status, 1);
  t.match(said, /left to mdadm's last resort/);
  t.same(calls, ['/usr/bin/reliable-raid config --json']);
  for (const machine of [off, unread]) t.notOk(machine.files.texts.has(MARK));
});

test('in the boot image it refuses', async (t) => {
  t.match(await decide(machineWith({ '/etc/reliable-raid/arrays': '' })), { status: 1, calls: [] });
});

test('as the kernel command line has it', async (t) => {
  const machine = machineWith({ '/proc/cmdline': 'reliable_raid.degraded=never\n' });
  const { status, said, calls } = await decide(machine);
  t.equal(status, 0);
  t.match(said, /will not be started degraded automatically/);
  t.same(calls, []);
  t.ok(machine.files.texts.has(MARK));
});
