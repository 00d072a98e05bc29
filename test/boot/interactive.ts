// A machine of the tests, live in this terminal:
//   node test/boot/interactive.ts [--layout raid1-luks-lvm] [--missing disk2[,disk3]] [--late disk2=8]
//     [--suite trixie] [--deb PATH] [--stock] [--arguments "panic=10"] [--unattended] [--list]
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { endInOneLine } from '../../src/adapters/node/standard-output.ts';
import { legend } from './demo-case.ts';
import { guest } from './guest/guest.ts';
import { installHostPrograms } from './guest/host-command.ts';
import { type Layout, passphrase } from './guest/layout.ts';
import { layoutNamed, layouts } from './guest/layouts.ts';
import { newestPackage } from './guest/newest-package.ts';
import { say } from './guest/progress.ts';
import { scratchFolder } from './guest/scratch.ts';
import { answerPrompts } from './scenario/take-steps.ts';
import { dropTypedAhead } from './typed-ahead.ts';
import type { Machine } from './vm/machine.ts';
import { startMachine } from './vm/start-machine.ts';

endInOneLine('error: ');
const { values: options } = parseArgs({
  options: {
    layout: { type: 'string', default: 'raid1-luks-lvm' },
    missing: { type: 'string' },
    late: { type: 'string', multiple: true, default: [] },
    suite: { type: 'string', default: 'trixie' },
    deb: { type: 'string' },
    stock: { type: 'boolean', default: false },
    arguments: { type: 'string', default: '' },
    unattended: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    // For ./demo, which installs before.
    yes: { type: 'boolean', default: false },
  },
});

const quitKey = '\x1d';

try {
  if (options.list) list();
  else await demonstrate();
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function demonstrate(): Promise<void> {
  const layout = layoutNamed(options.layout);
  const late = options.late.map((text) => parseLate(layout, text));
  const missing = diskNames(layout, options.missing ?? (late.length === 0 ? lastDisk(layout) : ''));
  await installHostPrograms(say);
  const deb = options.deb === undefined ? newestPackage() : resolve(options.deb);
  if (!options.stock && deb === undefined) throw new Error('there is no package yet: npm run package');
  const stage =
    options.stock || deb === undefined ? { kind: 'stock' as const } : { kind: 'product' as const, deb };
  const machineGuest = await guest(layout, stage, options.suite);
  const folder = scratchFolder('demo');
  const { suite, stock } = options;
  process.stdout.write(legend({ layout, suite, stock, missing, late, passphrase }));
  const machine = await startMachine('qemu', {
    guest: machineGuest,
    folder,
    absent: [...missing, ...late.map(({ disk }) => disk)],
    kernelArguments: ['loglevel=4', ...options.arguments.split(' ').filter(Boolean)],
    memoryMiB: 1024,
  });
  for (const { disk, seconds } of late) {
    setTimeout(() => {
      machine.plug(disk).catch(() => undefined);
    }, seconds * 1000);
  }
  if (options.unattended || !process.stdin.isTTY) await watch(machine);
  else await connectTerminal(machine);
}

/** The terminal is the machine's console until it is switched off or Ctrl-] is pressed. */
async function connectTerminal(machine: Machine): Promise<void> {
  const { stdin, stdout } = process;
  const restore = () => stdin.setRawMode(false);
  process.on('exit', restore);
  stdin.setRawMode(true);
  dropTypedAhead('/dev/fd/0');
  const quit = new Promise<void>((resolvePromise) => {
    stdin.on('data', (keys: Buffer) => {
      const text = keys.toString('latin1');
      if (text.includes(quitKey)) resolvePromise();
      else machine.console.send(text);
    });
  });
  machine.console.onData((text) => stdout.write(Buffer.from(text, 'latin1')));
  await Promise.race([quit, machine.exited]);
  await machine.stop();
  restore();
  stdin.pause();
  stdout.write(
    '\r\nThe machine is off. Its disks are as before: the next run starts from the same bytes.\r\n',
  );
}

/** Nobody is there: shows the boot, answers the prompts, switches off at the login prompt. */
async function watch(machine: Machine): Promise<void> {
  machine.console.onData((text) => process.stdout.write(Buffer.from(text, 'latin1')));
  answerPrompts(machine, passphrase);
  const limit = AbortSignal.timeout(300_000);
  await Promise.race([machine.console.waitFor(/login: $|\(initramfs\) $/, 0, limit), machine.exited]);
  await machine.stop();
  process.stdout.write('\n');
}

function diskNames(layout: Layout, text: string): string[] {
  const names = text.split(',').filter((name) => name !== '' && name !== 'none');
  for (const name of names) checkDisk(layout, name);
  return names;
}

function parseLate(layout: Layout, text: string): { disk: string; seconds: number } {
  const [, disk, seconds] = /^(\w+)=(\d+)$/.exec(text) ?? [];
  if (disk === undefined) throw new Error(`--late ${text}: expected DISK=SECONDS, such as disk2=15`);
  checkDisk(layout, disk);
  return { disk, seconds: Number(seconds) };
}

function checkDisk(layout: Layout, name: string): void {
  const names = Object.keys(layout.disks);
  if (!names.includes(name)) throw new Error(`${layout.name} has no ${name}; it has ${names.join(', ')}`);
}

function lastDisk(layout: Layout): string {
  const names = Object.keys(layout.disks);
  return names.length > 1 ? (names.at(1) ?? '') : '';
}

function list(): void {
  for (const { name, title, disks } of layouts) {
    process.stdout.write(`${name.padEnd(16)} ${title} (${Object.keys(disks).join(', ')})\n`);
  }
}
