// A machine as it stands switched off: its disks, the variables of its firmware, and what `explain` last said on it. Made once and kept.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { cached } from '../guest/cache.ts';
import { type Guest, guest } from '../guest/guest.ts';
import { step } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { diskPath } from '../vm/disk-path.ts';
import { QemuMachine } from '../vm/qemu-machine.ts';
import type { FirmwareLayout } from './firmware-layout.ts';
import { WAIT_WORDS } from './layouts.ts';
import { seeBoot } from './power-on.ts';
import { askExplain, type Explained, printedCommands } from './told.ts';

export interface State {
  readonly guest: Guest;
  /** The variables of its firmware; null for a BIOS. */
  readonly nvram: string | null;
  readonly explained: Explained;
}

/** All of the layouts, and a spare for each that is being changed. */
const STATES_KEPT = 40;
const COMMAND_SECONDS = 600;
const MEMORY_MIB = 1024;

/** The machine of a layout after its commands; those that it comes after are made first. */
export async function stateOf(
  layout: FirmwareLayout,
  all: readonly FirmwareLayout[],
  deb: string,
): Promise<State> {
  const earlier = all.find(({ name }) => name === layout.after);
  const before = earlier === undefined ? null : await stateOf(earlier, all, deb);
  const from = before?.guest ?? (await guest(layout.disks, { kind: 'product', deb }, layout.suite));
  // Overlays: they are worth nothing on disks that were made anew.
  const below = Object.values(from.disks).map((path) => [path, statSync(path).mtimeMs]);
  const { name, commands, firmware } = layout;
  const folder = await cached(
    `firmware-${name}`,
    [name, commands, firmware, below, RECIPE],
    (unfinished) =>
      step(`${name}: what its administrator types`, () => change(layout, from, before, unfinished)),
    Math.max(2, Math.floor(STATES_KEPT / all.length)),
  );
  const nvram = join(folder, 'nvram');
  return {
    guest: { ...from, disks: disksIn(layout, folder) },
    nvram: existsSync(nvram) ? nvram : null,
    explained: JSON.parse(readFileSync(join(folder, 'explained.json'), 'utf8')),
  };
}

/** Of what is done on the machine, commands aside. */
const RECIPE = 1;

const disksIn = ({ disks }: FirmwareLayout, folder: string): Record<string, string> =>
  Object.fromEntries(Object.keys(disks.disks).map((name) => [name, diskPath(folder, name, 'qemu')]));

/** A power-on of a state: the machine writes to overlays and to a copy of the variables. */
export function powerOn(
  state: Pick<State, 'guest' | 'nvram'>,
  { firmware }: FirmwareLayout,
  folder: string,
  absent: readonly string[] = [],
): Promise<QemuMachine> {
  mkdirSync(folder, { recursive: true });
  if (state.nvram !== null) copyFileSync(state.nvram, join(folder, 'nvram'));
  return QemuMachine.start({
    ...{ guest: state.guest, folder, firmware, absent },
    ...{ fromDisks: true, memoryMiB: MEMORY_MIB },
  });
}

/** Starts the machine, types the commands, asks `explain`, and switches it off. */
async function change(
  layout: FirmwareLayout,
  from: Guest,
  before: State | null,
  target: string,
): Promise<void> {
  const folder = scratchFolder('firmware');
  const machine =
    before === null
      ? await QemuMachine.start({
          ...{ guest: from, folder, firmware: layout.firmware },
          ...{ kernelArguments: WAIT_WORDS, memoryMiB: MEMORY_MIB },
        })
      : await powerOn(before, layout, folder);
  let said = '';
  try {
    const { reached } = await seeBoot(machine);
    if (reached !== 'system') throw new Error(`${layout.name}: the machine did not come up: ${reached}`);
    const disks = Object.keys(layout.disks.disks);
    // Asked now: the next boot may give the disks other names.
    const commands = layout.commands === 'printed' ? await printedCommands(machine.shell) : layout.commands;
    if (commands.length === 0) throw new Error(`${layout.name}: explain printed no command to type`);
    for (const command of commands) {
      const { code, output } = await machine.shell.run(command, COMMAND_SECONDS);
      said += `# ${command}\n${output}\n`;
      if (code !== 0) throw new Error(`${layout.name}: ${command}: exit code ${code}\n${output}`);
    }
    const explained = await askExplain(machine.shell, disks);
    said += `# reliable-raid explain --each\n${explained.text}`;
    writeFileSync(join(target, 'explained.json'), JSON.stringify(explained));
    await switchOff(machine);
    for (const disk of Object.keys(from.disks))
      renameOrCopy(diskPath(folder, disk, 'qemu'), diskPath(target, disk, 'qemu'));
    if (existsSync(join(folder, 'nvram'))) renameOrCopy(join(folder, 'nvram'), join(target, 'nvram'));
  } finally {
    await machine.stop();
    const kept = join(process.cwd(), 'test/boot/.out/firmware', layout.name);
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, 'typed'), said);
    writeFileSync(join(kept, 'typed-console.log'), machine.console.raw);
    rmSync(folder, { recursive: true, force: true });
  }
}

const OFF_SECONDS = 300;

/** As a person does it: what is mounted and what runs comes to its end. */
export async function switchOff(machine: QemuMachine): Promise<void> {
  machine.shellLine.send('systemctl poweroff\n');
  const tooLate = new Promise<'late'>((resolve) => {
    const timer = setTimeout(() => resolve('late'), OFF_SECONDS * 1000);
    void machine.exited.then(() => clearTimeout(timer));
  });
  if ((await Promise.race([machine.exited, tooLate])) === 'late')
    throw new Error('the machine did not switch itself off');
}

/** The temporary folder may be another file system. */
function renameOrCopy(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
