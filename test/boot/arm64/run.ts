/**
 * npm run arm64-boot -- [--deb PATH]
 * Installs Debian 13 for arm64 with the package on a mirror of two disks, takes one of them out and boots it: all under emulation. On another
 * processor it takes an hour. Debian's `qemu-user-static` must start programs for arm64.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { endInOneLine } from '../../../src/adapters/node/standard-output.ts';
import { buildPackage } from '../../../tools/package/debian.ts';
import { cached, fileHash } from '../guest/cache.ts';
import { installHostPrograms, mustRun } from '../guest/host-command.ts';
import { say, step } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { SerialShell } from '../vm/serial-shell.ts';
import { Arm64Machine } from './arm64-machine.ts';
import { arm64Base } from './base.ts';

endInOneLine('error: ');
const { values } = parseArgs({ options: { deb: { type: 'string' } } });

const LONGEST_MS = 5_400_000;
/** Until the next line that is waited for, on a busy host. */
const LINE_MS = 1_200_000;
const outFolder = fileURLToPath(new URL('../.out/arm64', import.meta.url));
const setup = fileURLToPath(new URL('setup', import.meta.url));

await installHostPrograms(say, {
  'qemu-system-aarch64': 'qemu-system-arm',
  'qemu-aarch64-static': 'qemu-user-static',
  'arch-test': 'arch-test',
});
mkdirSync(outFolder, { recursive: true });
const deb = values.deb === undefined ? await buildPackage('arm64') : resolve(values.deb);
const base = await arm64Base();
const installed = await cached('arm64-guest', [base, fileHash(setup), fileHash(deb)], (folder) =>
  step('installing it on a mirror', () => install(folder)),
);
const problems = await step('a boot without disk2', bootDegraded);
for (const problem of problems) process.stdout.write(`FAILED ${problem}\n`);
process.stdout.write(`${problems.length === 0 ? '1 passed, 0 failed' : '0 passed, 1 failed'}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** disk1.raw, disk2.raw, vmlinuz, initrd, root-argument. */
async function install(folder: string): Promise<void> {
  const work = scratchFolder('arminstall');
  const system = join(work, 'setup.ext4');
  await mustRun(['cp', '--sparse=always', join(base, 'base.ext4'), system]);
  for (const [file, at] of [
    [setup, '/setup'],
    [deb, '/reliable-raid.deb'],
  ] as const)
    await mustRun(['debugfs', '-w', '-R', `write ${file} ${at}`, system]);
  await mustRun(['debugfs', '-w', '-R', 'set_inode_field /setup mode 0100755', system]);
  const disks = { disk1: '1600M', disk2: '1600M', out: '256M' };
  for (const [name, size] of Object.entries(disks))
    await mustRun(['truncate', '-s', size, join(folder, `${name}.raw`)]);
  const raw = (path: string) => ({ path, format: 'raw' as const });
  const machine = await Arm64Machine.start({
    ...{ kernel: join(base, 'vmlinuz'), initrd: join(base, 'initrd'), folder: work },
    kernelArguments: ['root=LABEL=setup', 'rw', 'init=/setup', 'loglevel=4'],
    disks: {
      setup: raw(system),
      ...Object.fromEntries(Object.keys(disks).map((name) => [name, raw(join(folder, `${name}.raw`))])),
    },
  });
  const log = join(outFolder, 'install.log');
  try {
    await Promise.race([machine.exited, timeout()]);
  } finally {
    writeFileSync(log, machine.console.raw);
    await machine.stop();
  }
  if (!/setup: done/.test(machine.console.raw)) throw new Error(`the installation failed: ${log}`);
  await mustRun(['tar', '-C', folder, '-xf', join(folder, 'out.raw')]);
  rmSync(join(folder, 'out.raw'));
}

/** What was not seen of it. */
async function bootDegraded(): Promise<readonly string[]> {
  const folder = scratchFolder('armboot');
  const overlay = join(folder, 'disk1.qcow2');
  const disk = join(installed, 'disk1.raw');
  await mustRun(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', 'raw', '-b', disk, overlay]);
  const machine = await Arm64Machine.start({
    ...{ kernel: join(installed, 'vmlinuz'), initrd: join(installed, 'initrd'), folder },
    // udev takes longer there than systemd waits for a terminal.
    kernelArguments: [
      readFileSync(join(installed, 'root-argument'), 'utf8').trim(),
      ...['ro', 'systemd.default_device_timeout_sec=900'],
    ],
    disks: { disk1: { path: overlay, format: 'qcow2' } },
  });
  const problems: string[] = [];
  const seen = async (text: RegExp): Promise<void> => {
    try {
      await machine.console.waitFor(text, 0, AbortSignal.timeout(LINE_MS));
    } catch {
      problems.push(`the console does not show ${text}`);
    }
  };
  try {
    await seen(/NOTICE: array md0 \(1 of 2 members\)/);
    await seen(/waiting for +role 1 +QEMU HARDDISK \(serial disk2\)/);
    await seen(/Seconds until md0 is started degraded/);
    await seen(/Next: attach or replace/);
    await seen(/guest login: $/);
    if (problems.length > 0) return problems;
    machine.console.send('root\r');
    const shell = new SerialShell(machine.console);
    await machine.console.waitFor(/[#$] $/, machine.console.raw.length, AbortSignal.timeout(LINE_MS));
    const answer = async (command: string, wanted: RegExp): Promise<void> => {
      const { output } = await shell.run(command, 600);
      process.stdout.write(`  ${command}: ${output.trim()}\n`);
      if (!wanted.test(output)) problems.push(`${command}: ${output.trim()}`);
    };
    await answer('uname -m', /^aarch64$/m);
    await answer('cat /sys/block/md*/md/degraded', /^1$/m);
    await answer('findmnt -n -o SOURCE /', /^\/dev\/md/m);
    await answer('reliable-raid status', /degraded/);
    await answer(
      'echo "failed: $(systemctl --failed --plain --no-legend --no-pager | wc -l)"',
      /^failed: 0$/m,
    );
    return problems;
  } finally {
    writeFileSync(join(outFolder, 'console.log'), machine.console.raw);
    await machine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function timeout(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('it took too long')), LONGEST_MS).unref();
  });
}
