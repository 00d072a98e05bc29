/**
 * npm run docs -- [--deb PATH]   ->   docs/boot.cast, docs/boot.svg
 * Boots a guest (root on LVM on LUKS on RAID1, one of the two disks missing) and records its console: as a cast for asciinema, and as a
 * moving picture by termtosvg.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { guest } from '../../test/boot/guest/guest.ts';
import { installHostPrograms, mustRun } from '../../test/boot/guest/host-command.ts';
import { passphrase } from '../../test/boot/guest/layout.ts';
import { layoutNamed } from '../../test/boot/guest/layouts.ts';
import { newestPackage } from '../../test/boot/guest/newest-package.ts';
import { say } from '../../test/boot/guest/progress.ts';
import { scratchFolder } from '../../test/boot/guest/scratch.ts';
import { answerPrompts } from '../../test/boot/scenario/take-steps.ts';
import { startMachine } from '../../test/boot/vm/start-machine.ts';
import { ROOT, ToolError } from '../project.ts';
import { type Chunk, terminalCast } from './terminal-cast.ts';

const LONGEST_BOOT_MS = 300_000;

const { values } = parseArgs({ options: { deb: { type: 'string' } } });
const deb = values.deb === undefined ? newestPackage() : resolve(values.deb);
if (deb === undefined)
  throw new ToolError('there is no package to boot with: npm run package, or --deb PATH');
await installHostPrograms(say);
const chunks = await recordBoot(deb);
const docs = join(ROOT, 'docs');
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
say('docs/boot.cast, docs/boot.svg');

async function recordBoot(path: string): Promise<readonly Chunk[]> {
  const machineGuest = await guest(layoutNamed('raid1-luks-lvm'), { kind: 'product', deb: path }, 'trixie');
  const folder = scratchFolder('docs');
  const machine = await startMachine('user-mode', {
    ...{ guest: machineGuest, folder, absent: ['disk2'], memoryMiB: 1024 },
    kernelArguments: ['loglevel=1', 'systemd.show_status=auto'],
  });
  try {
    const recorded: Chunk[] = [];
    machine.console.onData((text) => recorded.push({ atS: machine.hostSeconds, text }));
    answerPrompts(machine, passphrase);
    await machine.console.waitFor(/login: $/, 0, AbortSignal.timeout(LONGEST_BOOT_MS));
    return recorded;
  } finally {
    await machine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
