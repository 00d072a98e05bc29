// Boots that a machine has behind it when a scenario begins: into the system, some commands there, and its end.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Guest } from '../guest/guest.ts';
import { imageOnDisk } from '../guest/image-on-disk.ts';
import { passphrase } from '../guest/layout.ts';
import { diskPath } from '../vm/disk-path.ts';
import type { Lane } from '../vm/machine.ts';
import { startMachine } from '../vm/start-machine.ts';
import { HarnessFault } from './harness-fault.ts';
import { changedInitrd } from './initrd.ts';
import type { PriorBoot, Scenario } from './scenario.ts';
import { answerPrompts, doSteps } from './take-steps.ts';

const secondsToBoot = 240;
const secondsToRun = 300;
const secondsToEnd = 90;

export interface Past {
  /** What the commands of each boot said. */
  readonly said: readonly string[];
  /** The image that is booted next, where it is not the guest's. */
  readonly initrd: string | undefined;
}

/** Disks and NVRAM stay in the folder; `initrd` is the machine's image where the scenario changes it. */
export async function runPriorBoots(
  scenario: Scenario,
  guest: Guest,
  folder: string,
  kept: string,
  { lane, suite }: { readonly lane: Lane; readonly suite: string },
  initrd: string | undefined,
): Promise<Past> {
  const said: string[] = [];
  let image = initrd;
  for (const [index, boot] of (scenario.before ?? []).entries()) {
    const log = join(kept, `before-${index + 1}.log`);
    said.push(await runPriorBoot(scenario, boot, guest, folder, log, lane, image));
    if (scenario.ownImage === true) image = await ownImage(scenario, guest, folder, lane, suite);
  }
  return { said, initrd: image };
}

async function ownImage(
  { initrd: changes = [] }: Scenario,
  { layout, disks }: Guest,
  folder: string,
  lane: Lane,
  suite: string,
): Promise<string> {
  const paths = Object.keys(disks).map((name) => [name, diskPath(folder, name, lane)] as const);
  const image = await imageOnDisk(layout, suite, Object.fromEntries(paths), folder);
  if (changes.length > 0) changedInitrd(image, image, changes);
  return image;
}

async function runPriorBoot(
  scenario: Scenario,
  { absent = [], run = [], steps = [], powerFails, kernelArguments = scenario.kernelArguments }: PriorBoot,
  guest: Guest,
  folder: string,
  log: string,
  lane: Lane,
  initrd: string | undefined,
): Promise<string> {
  const machine = await startMachine(lane, {
    guest,
    folder,
    absent,
    firmware: scenario.firmware ?? 'bios',
    kernelArguments: kernelArguments ?? [],
    memoryMiB: scenario.memoryMiB ?? 1024,
    ...(initrd === undefined ? {} : { initrd }),
  });
  let said = '';
  const over = new AbortController();
  try {
    answerPrompts(machine, passphrase);
    const course = { folder, screens: {}, lacking: {}, stepsAt: [], signal: over.signal, hasScreen: false };
    doSteps(machine, steps, course).catch(() => undefined);
    await machine.shellLine.waitFor(/test-shell/, 0, AbortSignal.timeout(secondsToBoot * 1000));
    await machine.shell.run('systemctl is-system-running --wait', 150);
    for (const command of run) {
      const { code, output } = await machine.shell.run(command, secondsToRun);
      said += `$ ${command}\n${output}\n`;
      if (code !== 0) throw new Error(`"${command}" ended with ${code}: ${output.slice(0, 300)}`);
    }
    if (powerFails === true) return said;
    machine.shellLine.send('systemctl poweroff\n');
    const tooLate = new Promise<'late'>((resolve) => {
      setTimeout(() => resolve('late'), secondsToEnd * 1000).unref();
    });
    if ((await Promise.race([machine.exited, tooLate])) === 'late')
      throw new HarnessFault('a boot before this one did not end');
    return said;
  } finally {
    over.abort();
    await machine.stop();
    const lines = machine.console.lines.map(({ guest: at, text }) => `${at.toFixed(2).padStart(7)}  ${text}`);
    writeFileSync(log, `${said}\n== console\n${lines.join('\n')}\n`);
  }
}
