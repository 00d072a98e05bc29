// node test/boot/power-loss/run.ts [--only NAME,NAME] [--count 1] [--seed 1] [--jobs 2] [--deb PATH] [--list]
// A machine loses its power at a random moment: the kernel and all it had not written are gone. The next boot comes up, and what was
// written before is whole. What a disk's own cache forgets is not part of it.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Guest, guest } from '../guest/guest.ts';
import { installHostPrograms } from '../guest/host-command.ts';
import { imageOnDisk } from '../guest/image-on-disk.ts';
import { layoutNamed } from '../guest/layouts.ts';
import { newestPackage } from '../guest/newest-package.ts';
import { platforms } from '../guest/platforms.ts';
import { say, seconds } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { Random } from '../machines/random.ts';
import { diskPath } from '../vm/disk-path.ts';
import type { Machine } from '../vm/machine.ts';
import { startMachine } from '../vm/start-machine.ts';
import { PACKAGE_PLACE, type PowerLossCase, powerLossCases } from './cases.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    count: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: '2' },
    deb: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});
const only = options.only?.split(',');
const chosen = powerLossCases.filter(({ name }) => only?.includes(name) ?? true);
if (options.list) {
  for (const { name, title } of chosen) process.stdout.write(`${name.padEnd(16)} ${title}\n`);
  process.exit(0);
}

const LAYOUT = layoutNamed('raid1-ext4');
const BOOT_MS = 240_000;
const outFolder = fileURLToPath(new URL('../.out/power-loss', import.meta.url));
const deb = options.deb === undefined ? newestPackage() : resolve(options.deb);
if (deb === undefined) throw new Error('there is no package to install: npm run package, or --deb PATH');

interface Job {
  readonly lost: PowerLossCase;
  readonly seed: number;
}

await installHostPrograms(say);
const guests = {
  stock: await guest(LAYOUT, { kind: 'stock' }),
  product: await guest(LAYOUT, { kind: 'product', deb }),
};
const first = Number(options.seed);
const queue: Job[] = chosen.flatMap((lost) =>
  Array.from({ length: Number(options.count) }, (_, index) => ({ lost, seed: first + index })),
);
const results: boolean[] = [];
await Promise.all(Array.from({ length: Number(options.jobs) }, work));
const passed = results.filter((result) => result).length;
process.stdout.write(`${passed} passed, ${results.length - passed} failed\n`);
process.exitCode = passed === results.length && passed > 0 ? 0 : 1;

async function work(): Promise<void> {
  for (let job = queue.shift(); job !== undefined; job = queue.shift()) results.push(await tried(job));
}

async function tried({ lost, seed }: Job): Promise<boolean> {
  const started = performance.now();
  const kept = join(outFolder, `${lost.name}-${seed}`);
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  const folder = scratchFolder('power');
  let told = '';
  let problem: string | undefined;
  try {
    told = await losePower(lost, seed, folder, kept);
    problem = await nextBoot(lost, folder, kept);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const name = `${lost.name} ${seed}`.padEnd(18);
  const time = seconds(performance.now() - started).padStart(8);
  process.stdout.write(
    `${problem === undefined ? 'ok    ' : 'FAILED'} ${name} ${time}  ${lost.title}: ${told}\n`,
  );
  if (problem !== undefined)
    process.stdout.write(`       ${problem}\n       consoles: test/boot/.out/power-loss\n`);
  return problem === undefined;
}

/** Boots the machine, and ends it in the middle of what it does; says at which moment. */
async function losePower(lost: PowerLossCase, seed: number, folder: string, kept: string): Promise<string> {
  const machineGuest = guests[lost.stage];
  if ('seen' in lost.moment) await settleContent(machineGuest, folder, kept);
  const machine = await startMachine('user-mode', {
    guest: machineGuest,
    folder,
    absent: lost.absent ?? [],
    kernelArguments: ['reliable_raid.wait=3'],
  });
  const afterMs = new Random(seed * 100 + powerLossCases.indexOf(lost)).below(lost.moment.withinMs);
  try {
    if ('command' in lost.moment) {
      await systemOf(machine);
      await writeContent(machine);
      await bringPackage(machine, folder);
      machine.shellLine.send(`echo be''gun; { ${lost.moment.command}; } </dev/null; echo en''ded $?\n`);
      await machine.shellLine.waitFor(/begun/, 0, AbortSignal.timeout(BOOT_MS));
      const end = machine.shellLine.waitFor(/ended (\d+)/, 0, AbortSignal.timeout(BOOT_MS)).then(() => 'end');
      const ended = await Promise.race([end.catch(() => 'end'), pause(afterMs)]);
      return ended === 'end' ? 'after its end' : `after ${afterMs} ms`;
    }
    await machine.console.waitFor(lost.moment.seen, 0, AbortSignal.timeout(BOOT_MS));
    if (lost.moment.plug !== undefined) await machine.plug(lost.moment.plug);
    await pause(afterMs);
    return `after ${afterMs} ms`;
  } finally {
    await machine.stop();
    keepConsole(machine, join(kept, 'lost.log'));
  }
}

/** A boot with all disks that writes what must last, and an orderly end. */
async function settleContent(machineGuest: Guest, folder: string, kept: string): Promise<void> {
  const machine = await startMachine('user-mode', { guest: machineGuest, folder });
  try {
    await systemOf(machine);
    await writeContent(machine);
    machine.shellLine.send('systemctl poweroff\n');
    await machine.exited;
  } finally {
    await machine.stop();
    keepConsole(machine, join(kept, 'before.log'));
  }
}

async function nextBoot(lost: PowerLossCase, folder: string, kept: string): Promise<string | undefined> {
  const initrd = lost.imageChanges
    ? await imageOnDisk(LAYOUT, platforms[0].suite, disksIn(folder), folder)
    : undefined;
  const machine = await startMachine('user-mode', {
    guest: guests[lost.stage],
    folder,
    ...(initrd === undefined ? {} : { initrd }),
  });
  try {
    await systemOf(machine);
    await bringPackage(machine, folder);
    for (const command of ['sha256sum --quiet --check /root/kept.sums', ...lost.after]) {
      const { code, output } = await machine.shell.run(command, 240);
      if (code !== 0) return `"${command}" ends with ${code}: ${output.trim().slice(-600)}`;
    }
    return undefined;
  } finally {
    await machine.stop();
    keepConsole(machine, join(kept, 'next.log'));
  }
}

async function systemOf(machine: Machine): Promise<void> {
  await machine.shellLine.waitFor(/test-shell/, 0, AbortSignal.timeout(BOOT_MS));
  await machine.shell.run('systemctl is-system-running --wait', 150);
}

async function writeContent(machine: Machine): Promise<void> {
  const files = 'for n in 1 2 3 4 5 6 7 8; do head -c 300000 /dev/urandom >/root/kept/$n; done';
  const { code, output } = await machine.shell.run(
    `mkdir /root/kept && ${files} && sha256sum /root/kept/* >/root/kept.sums && sync`,
  );
  if (code !== 0) throw new Error(`the content could not be written: ${output}`);
}

async function bringPackage(machine: Machine, folder: string): Promise<void> {
  const place = join(folder, 'package');
  mkdirSync(place, { recursive: true });
  copyFileSync(deb as string, join(place, PACKAGE_PLACE.slice('/mnt/'.length)));
  const { code, output } = await machine.shell.run(
    `mount -t hostfs -o hostfs=${place} none /mnt || mount -t hostfs -o ${place} none /mnt`,
  );
  if (code !== 0) throw new Error(`the host's folder could not be mounted: ${output}`);
}

function disksIn(folder: string): Readonly<Record<string, string>> {
  const names = Object.keys(LAYOUT.disks);
  return Object.fromEntries(names.map((name) => [name, diskPath(folder, name, 'user-mode')]));
}

function keepConsole(machine: Machine, path: string): void {
  writeFileSync(path, `${machine.console.raw}\n== shell\n${machine.shellLine.raw}`);
}

function pause(milliseconds: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('pause'), milliseconds));
}
