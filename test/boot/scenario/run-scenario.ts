// Boots a scenario's machine once, does its steps, and returns what was seen.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Guest, guest, type Stage } from '../guest/guest.ts';
import { passphrase } from '../guest/layout.ts';
import { layoutNamed } from '../guest/layouts.ts';
import { isOfDracut } from '../guest/platforms.ts';
import { scratchFolder } from '../guest/scratch.ts';
import type { Lane, Machine } from '../vm/machine.ts';
import type { ConsoleLine } from '../vm/serial-console.ts';
import { SerialShell } from '../vm/serial-shell.ts';
import { startMachine } from '../vm/start-machine.ts';
import { type Collected, clockStart, collect } from './collect.ts';
import { DisturbanceWatch } from './disturbance-watch.ts';
import { emulatorFaults, HarnessFault } from './harness-fault.ts';
import { changedInitrd, type InitrdChange, openRoot } from './initrd.ts';
import { changedDisks, changedSuperblocks, memberSuperblocks } from './member-superblocks.ts';
import type { BootImage, Outcome } from './outcome.ts';
import { runPriorBoots } from './prior-boots.ts';
import { DEFAULT_LIMIT_S, type Ending, type Scenario } from './scenario.ts';
import { answerPrompts, doSteps, enterShell } from './take-steps.ts';

export interface Setting {
  readonly lane: Lane;
  readonly suite: string;
  readonly deb: string | undefined;
  /** Boots every scenario without the product, to see what stock Debian does. */
  readonly stock: boolean;
  readonly outFolder: string;
}

export async function guestOf(scenario: Scenario, setting: Setting): Promise<Guest> {
  return guest(layoutNamed(scenario.layout), stageOf(scenario, setting), setting.suite);
}

/** The same machine as Debian leaves it. */
export const stockGuestOf = ({ layout }: Scenario, { suite }: Setting): Promise<Guest> =>
  guest(layoutNamed(layout), { kind: 'stock' }, suite);

/** The image is compared with the one that Debian makes of the machine. */
export const needsStockImage = ({ expect }: Scenario): boolean =>
  expect.some((expectation) => expectation.needsStockImage === true);

function stageOf(scenario: Scenario, setting: Setting): Stage {
  const kind = setting.stock ? 'stock' : (scenario.stage ?? 'product');
  if (kind === 'stock') return { kind };
  if (setting.deb === undefined)
    throw new Error('there is no package to install: npm run package, or --deb PATH');
  return { kind, deb: setting.deb };
}

export async function runScenario(scenario: Scenario, setting: Setting): Promise<Outcome> {
  const machineGuest = await guestOf(scenario, setting);
  const stockImage = needsStockImage(scenario) ? imageOf(await stockGuestOf(scenario, setting)) : undefined;
  const kept = join(setting.outFolder, scenario.id);
  rmSync(kept, { recursive: true, force: true });
  mkdirSync(kept, { recursive: true });
  const folder = scratchFolder('vm');
  const initrd = join(folder, 'initrd');
  const changes = changesOf(scenario, setting);
  if (changes.length > 0) changedInitrd(join(machineGuest.folder, 'initrd'), initrd, changes);
  const changed = changes.length === 0 ? undefined : initrd;
  const past = await runPriorBoots(scenario, machineGuest, folder, kept, setting, changed);
  const superblocksBefore = await memberSuperblocks(machineGuest, folder, setting.lane);
  const machine = await machineOf(scenario, machineGuest, folder, past.initrd, setting.lane);
  const watch = new DisturbanceWatch(machine);
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), (scenario.limit ?? DEFAULT_LIMIT_S) * 1000);
  const prompts = scenario.unlock === false ? { count: 0 } : answerPrompts(machine, passphrase);
  enterShell(machine);
  const screens: Record<string, string> = {};
  const lacking: Record<string, string> = {};
  const stepsAt: number[] = [];
  try {
    const steps = doSteps(machine, scenario.steps ?? [], {
      folder: kept,
      screens,
      lacking,
      stepsAt,
      signal: limit.signal,
      hasScreen: setting.lane === 'qemu',
    });
    const ending = await waitForEnding(machine, scenario.ends, limit.signal);
    const { guestStart, ...collected } = await collectFrom(
      machine,
      ending,
      arrayUuids(machineGuest),
      scenario.settle,
    );
    await steps;
    await machine.screenDump(join(kept, 'screen.png')).catch(() => undefined);
    const disturbance = watch.end();
    const starvedBeforeRoot = watch.starvedBy(guestStart + (collected.rootMountedAt ?? 0));
    await machine.stop();
    const lines = machine.console.lines;
    const text = lines.map((line) => line.text).join('\n');
    if (emulatorFaults.test(text))
      throw new HarnessFault(`the guest's kernel crashed: ${emulatorFaults.exec(text)?.[0]}`);
    const seen = {
      ending,
      lines,
      text,
      screens,
      lacking,
      prompts: prompts.count,
      disturbance,
      starvedBeforeRoot,
      ...collected,
    };
    const guestStepsAt = stepsAt.map((when) => when - guestStart);
    return {
      ...seen,
      priorText: past.said,
      image: imageOf(machineGuest),
      ...(stockImage === undefined ? {} : { stockImage }),
      stepsAt: guestStepsAt,
      changedSuperblocks: await changedSuperblocks(superblocksBefore, machineGuest, folder, setting.lane),
      changedDisks: scenario.stage === 'split' ? await changedDisks(machineGuest, folder, setting.lane) : [],
    };
  } finally {
    clearTimeout(timer);
    watch.end();
    await machine.stop();
    writeFileSync(join(kept, 'console.log'), machine.console.lines.map(formatLine).join('\n'));
    writeFileSync(join(kept, 'shell.log'), machine.shellLine.raw);
    rmSync(folder, { recursive: true, force: true });
  }
}

const imageOf = ({ initrdFiles, initrdBytes }: Guest): BootImage => ({
  files: initrdFiles,
  bytes: initrdBytes,
});

function changesOf({ initrd = [], opensShell }: Scenario, { suite }: Setting): readonly InitrdChange[] {
  return opensShell === true && isOfDracut(suite) ? [openRoot, ...initrd] : initrd;
}

async function machineOf(
  scenario: Scenario,
  machineGuest: Guest,
  folder: string,
  initrd: string | undefined,
  lane: Lane,
): Promise<Machine> {
  try {
    return await startMachine(lane, {
      guest: machineGuest,
      folder,
      absent: scenario.absent ?? [],
      kernelArguments: scenario.kernelArguments ?? [],
      memoryMiB: scenario.memoryMiB ?? 1024,
      firmware: scenario.firmware ?? 'bios',
      ...(initrd === undefined ? {} : { initrd }),
    });
  } catch (error) {
    throw new HarnessFault(error instanceof Error ? error.message : String(error));
  }
}

async function waitForEnding(
  machine: Machine,
  expected: Ending,
  limit: AbortSignal,
): Promise<Outcome['ending']> {
  const settled = new AbortController();
  const signal = AbortSignal.any([limit, settled.signal]);
  const system = machine.shellLine.waitFor(/test-shell/, 0, signal).then(() => 'system' as const);
  // a shell on the way is a step of some scenarios: it is the end only where that is expected, or after the last words
  const words =
    expected === 'shell'
      ? /\(initramfs\) |(?:Press Enter for (?:system )?maintenance|Dropping to debug shell)[\s\S]*# $/
      : /ALERT![\s\S]*\(initramfs\) /;
  const shell = machine.console.waitFor(words, 0, signal).then(() => 'shell' as const);
  const rest = machine.exited.then((code) => {
    if (code !== 0) throw new HarnessFault(`the emulator ended with code ${code}`);
    return 'rest' as const;
  });
  const crash = machine.console.waitFor(emulatorFaults, 0, signal).then((): never => {
    throw new HarnessFault("the guest's kernel crashed");
  });
  const tooLate = new Promise<'limit'>((resolve) => {
    limit.addEventListener('abort', () => resolve('limit'));
  });
  const endings = [system, shell, rest, crash, tooLate];
  try {
    return await Promise.race(endings.map((ending) => ending.catch((error) => rethrowFault(error))));
  } finally {
    settled.abort();
  }
}

/** A watcher that was called off has nothing to say; a fault has. */
function rethrowFault(error: unknown): Promise<never> {
  if (error instanceof HarnessFault) throw error;
  return new Promise(() => undefined);
}

async function collectFrom(
  machine: Machine,
  ending: Outcome['ending'],
  uuids: Readonly<Record<string, string>>,
  settle = false,
): Promise<Collected & { readonly guestStart: number }> {
  const nothing: Collected = {
    report: undefined,
    laterReport: undefined,
    arrays: {},
    mounts: {},
    failedUnits: [],
    jobs: [],
    rootMountedAt: undefined,
    initStartedAt: undefined,
    data: undefined,
    rootOfHalf: undefined,
  };
  if (ending === 'system' || ending === 'shell') {
    const shell = ending === 'system' ? machine.shell : new SerialShell(machine.console);
    const guestStart = await clockStart(shell, () => machine.hostSeconds);
    return { guestStart, ...(await collect(shell, uuids, ending === 'system', settle)) };
  }
  return { guestStart: machine.console.kernelStart ?? 0, ...nothing };
}

function arrayUuids(machineGuest: Guest): Record<string, string> {
  const uuids: Record<string, string> = {};
  let name = '';
  for (const line of readFileSync(join(machineGuest.folder, 'arrays'), 'utf8').split('\n')) {
    const [key = '', value = ''] = line.split('=');
    if (key === 'array') name = value;
    if (key === 'MD_UUID') uuids[name] = value;
  }
  return uuids;
}

function formatLine(line: ConsoleLine): string {
  return `${line.host.toFixed(2).padStart(7)} ${line.guest.toFixed(2).padStart(7)}  ${line.text}`;
}
