import { test } from 'tap';
import { NodeClock } from '../../../../src/adapters/node/clock.ts';
import {
  commandLine,
  commandSteps,
  isDirtyStartAllowed,
  runCommand,
} from '../../../../src/app/boot/run-command.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import type { CommandEffect } from '../../../../src/core/engine/effects.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const UUID = '11111111:22222222:33333333:44444444' as MdUuid;
const STATE = '/sys/block/md0/md/array_state';
const DIRTY = '/sys/module/md_mod/parameters/start_dirty_degraded';
const COMMANDS: Readonly<Record<string, CommandEffect>> = {
  assemble: { kind: 'assemble', uuid: UUID, devicePath: '/dev/md0', devices: ['sda1', 'sdb1'] },
  run: { kind: 'run-array', uuid: UUID, device: 'md0', dirty: false },
  dirty: { kind: 'run-array', uuid: UUID, device: 'md0', dirty: true },
  write: { kind: 'write-read-auto', uuid: UUID, device: 'md0', dirty: false },
  stop: { kind: 'stop-array', uuid: UUID, device: 'md0' },
  settle: { kind: 'settle' },
};
const command = (name: string): CommandEffect => COMMANDS[name] ?? { kind: 'settle' };

function machineWith(answers?: Parameters<typeof answeringRunner>[0]) {
  const files = new MemoryFiles();
  const runner = answeringRunner(answers ?? (() => ({})));
  return { files, runner, machine: { ...idleMachine(new NodeClock(), files), runner } };
}

test('S9: each command by its exact words, and none that forces or makes anything', async (t) => {
  const calls = (name: string) =>
    commandSteps(command(name), REAL_PATHS).flatMap((step) => ('argv' in step ? [step.argv.join(' ')] : []));
  t.same(calls('assemble'), ['mdadm --incremental /dev/sda1', 'mdadm --incremental /dev/sdb1']);
  t.same(calls('run'), ['mdadm --run /dev/md0']);
  t.same(calls('stop'), ['mdadm --stop /dev/md0']);
  t.same([...calls('write'), ...calls('settle')], []);
  t.same(commandSteps(command('write'), REAL_PATHS), [{ path: STATE, value: 'read-auto' }]);
  t.same(commandSteps(command('dirty'), REAL_PATHS), [
    { path: DIRTY, value: '1' },
    { argv: ['mdadm', '--run', '/dev/md0'] },
    { path: DIRTY, value: '0' },
  ]);
  for (const name of Object.keys(COMMANDS)) t.notMatch(calls(name).join(' '), /force|create|zero/);
});

test('as a person would type it', async (t) => {
  const line = (name: string) => commandLine(command(name), REAL_PATHS);
  t.equal(line('settle'), '');
  t.equal(line('write'), `echo read-auto > ${STATE}`);
  t.equal(line('assemble'), 'mdadm --incremental /dev/sda1; mdadm --incremental /dev/sdb1');
  t.match(line('dirty'), /^echo 1 > .*; mdadm --run \/dev\/md0; echo 0 > /);
});

test('what went wrong is the outcome, never an exception', async (t) => {
  const fails = machineWith((argv) => ({ status: 1, stderr: `no ${argv.at(-1)}\n` }));
  t.match(await runCommand(command('assemble'), fails.machine), { ok: false, detail: /sda1.*; .*sdb1/ });
  t.match(await runCommand(command('run'), machineWith(() => null).machine), { ok: false, detail: /ENOENT/ });
  const locked = machineWith();
  locked.files.broken.set(STATE, { reason: 'error', detail: 'EINVAL' });
  t.match(await runCommand(command('write'), locked.machine), { ok: false, detail: 'EINVAL' });
  t.match(await runCommand(command('settle'), machineWith().machine), { ok: true, steps: [] });
  const writes = machineWith();
  t.match(await runCommand(command('write'), writes.machine), { ok: true });
  t.same(writes.files.writes, [`${STATE} read-auto`]);
});

test('a dirty start is allowed for its own time only, and the permission is always taken back', async (t) => {
  for (const status of [0, 1]) {
    const { files, machine, runner } = machineWith(() => ({ status }));
    t.equal((await runCommand(command('dirty'), machine)).ok, status === 0);
    t.same(files.writes, [`${DIRTY} 1`, `${DIRTY} 0`]);
    t.same(runner.calls, ['mdadm --run /dev/md0']);
  }
  const { files, machine, runner } = machineWith();
  files.broken.set(DIRTY, { reason: 'error', detail: 'EROFS' });
  t.match(await runCommand(command('dirty'), machine), { ok: false, detail: 'EROFS' });
  t.same(runner.calls, [], 'without the permission nothing is run');
  const plain = machineWith();
  await runCommand(command('run'), plain.machine);
  t.same(plain.files.writes, [], 'a clean start asks for none');
});

test('whether md has been told to start what is dirty and degraded', async (t) => {
  for (const [value, allowed] of [
    ['0\n', false],
    ['1\n', true],
    ['', false],
  ] as const) {
    const { files, machine } = machineWith();
    files.texts.set(DIRTY, value);
    t.equal(await isDirtyStartAllowed(machine), allowed, value);
  }
  t.equal(await isDirtyStartAllowed(machineWith().machine), false, 'md is not loaded');
});

test('a member that mdadm.conf shuts out is bound by the UUID of its array', async (t) => {
  const shutOut = machineWith((argv) => ({
    status: argv[2] === '/dev/sdb1' ? 1 : 0,
    stderr: 'mdadm: /dev/sdb1 not permitted by mdadm.conf.',
  }));
  const outcome = await runCommand(command('assemble'), shutOut.machine);
  t.match(outcome, { ok: true, detail: '' });
  t.same(shutOut.runner.calls, [
    'mdadm --incremental /dev/sda1',
    'mdadm --incremental /dev/sdb1',
    'mdadm --incremental --config=/run/reliable-raid/mdadm.conf /dev/sdb1',
  ]);
  t.equal(outcome.steps.length, 3, 'what was done is reported');
  const conf = shutOut.files.texts.get('/run/reliable-raid/mdadm.conf');
  t.equal(conf, `DEVICE partitions\nARRAY /dev/md0 UUID=${UUID}\n`);
  const busy = machineWith(() => ({ status: 1, stderr: 'mdadm: busy' }));
  t.match(await runCommand(command('assemble'), busy.machine), { ok: false, detail: /busy.*; .*busy/ });
});
