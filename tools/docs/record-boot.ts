/**
 * npm run docs -- [--deb PATH]   ->   docs/boot.cast, docs/boot.svg, docs/tree.svg, docs/explain-each.svg
 * Boots a guest, root on LVM on LUKS on RAID1. With all disks, the program draws it there; with one of the two missing its console is
 * recorded: as a cast for asciinema, and as a moving picture by termtosvg.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { parseArgs } from 'node:util';
import { type Guest, guest } from '../../test/boot/guest/guest.ts';
import { installHostPrograms, mustRun } from '../../test/boot/guest/host-command.ts';
import { passphrase } from '../../test/boot/guest/layout.ts';
import { layoutNamed } from '../../test/boot/guest/layouts.ts';
import { newestPackage } from '../../test/boot/guest/newest-package.ts';
import { say, step } from '../../test/boot/guest/progress.ts';
import { scratchFolder } from '../../test/boot/guest/scratch.ts';
import { answerPrompts } from '../../test/boot/scenario/take-steps.ts';
import type { Machine } from '../../test/boot/vm/machine.ts';
import { startMachine } from '../../test/boot/vm/start-machine.ts';
import { ROOT, ToolError } from '../project.ts';
import { type Chunk, terminalCast } from './terminal-cast.ts';

const LONGEST_BOOT_MS = 600_000;

/** By the file below docs/ that each becomes. */
const PICTURES = {
  'tree.svg': 'reliable-raid resolve --svg',
  // Its status says whether the machine always comes up unattended: this one asks for a passphrase.
  'explain-each.svg': 'reliable-raid explain --each --svg || true',
} as const;

const { values } = parseArgs({ options: { deb: { type: 'string' } } });
const deb = values.deb === undefined ? newestPackage() : resolve(values.deb);
if (deb === undefined)
  throw new ToolError('there is no package to boot with: npm run package, or --deb PATH');
await installHostPrograms(say, { termtosvg: 'termtosvg' });
const docs = join(ROOT, 'docs');
const machineGuest = await guest(layoutNamed('raid1-luks-lvm'), { kind: 'product', deb }, 'trixie');
await step('drawing the machine', () => onMachine(machineGuest, [], draw));
const chunks = await step('a boot without disk2', () => onMachine(machineGuest, ['disk2'], recordBoot));
const cast = join(docs, 'boot.cast');
const title = 'A root array with a missing disk: notice, countdown, passphrase';
writeFileSync(
  cast,
  terminalCast(chunks, { columns: 80, rows: 24, title, from: /Begin: Running \/scripts\/local-top|NOTICE:/ }),
);
await mustRun([
  ...['termtosvg', 'render', cast, join(docs, 'boot.svg')],
  // A pause that nobody reads through is cut short.
  ...['--template', 'window_frame_powershell', '--max-frame-duration', '1500', '--loop-delay', '5000'],
]);
say(['boot.cast', 'boot.svg', ...Object.keys(PICTURES)].map((name) => `docs/${name}`).join(', '));

async function onMachine<T>(
  booted: Guest,
  absent: readonly string[],
  work: (machine: Machine) => Promise<T>,
): Promise<T> {
  const folder = scratchFolder('docs');
  const machine = await startMachine('user-mode', {
    ...{ guest: booted, folder, absent, memoryMiB: 1024 },
    // What systemd asks a terminal is not known to every player; and SELinux has no policy here, which systemd would say.
    kernelArguments: ['loglevel=1', 'systemd.show_status=false', 'TERM=dumb', 'lsm=capability'],
  });
  try {
    answerPrompts(machine, passphrase);
    return await work(machine);
  } finally {
    await machine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recordBoot(machine: Machine): Promise<readonly Chunk[]> {
  const recorded: Chunk[] = [];
  const decoder = new StringDecoder('utf8');
  machine.console.onData((bytes) =>
    recorded.push({ atS: machine.hostSeconds, text: decoder.write(Buffer.from(bytes, 'latin1')) }),
  );
  await machine.console.waitFor(/login: $/, 0, AbortSignal.timeout(LONGEST_BOOT_MS));
  return recorded;
}

async function draw(machine: Machine): Promise<void> {
  await machine.shellLine.waitFor(/test-shell/, 0, AbortSignal.timeout(LONGEST_BOOT_MS));
  for (const [name, command] of Object.entries(PICTURES)) {
    const picture = join(docs, name);
    // In base64, a terminal changes nothing of it.
    const { code, output } = await machine.shell.run(
      `(${command}) >/tmp/picture && base64 /tmp/picture`,
      300,
    );
    const drawn = Buffer.from(output, 'base64').toString();
    if (code !== 0 || !drawn.startsWith('<svg'))
      throw new ToolError(`${command} drew nothing (status ${code}): ${output.slice(0, 500)}`);
    writeFileSync(picture, drawn);
  }
}
