// Does to a running machine what a scenario says, in the guest's time.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../vm/machine.ts';
import { readScreen } from './read-screen.ts';
import type { Action, Moment, ScreenSaying, Step } from './scenario.ts';
import { screenProblem } from './screen-words.ts';

interface Course {
  readonly folder: string;
  readonly screens: Record<string, string>;
  /** Of each screen that a step waits for, what it lacks; nothing once it was seen. */
  readonly lacking: Record<string, string>;
  /** When each step was done, by the host's clock. */
  readonly stepsAt: number[];
  readonly signal: AbortSignal;
  readonly hasScreen: boolean;
}

export async function doSteps(machine: Machine, steps: readonly Step[], course: Course): Promise<void> {
  let from = 0;
  for (const { when } of steps)
    if ('shown' in when) course.lacking[when.shown.name] = 'the boot was over before it was looked at';
  for (const { when, act } of steps) {
    try {
      await waitFor(machine, when, from, course);
      from = machine.console.raw.length;
      await pause(when.pause * 1000);
    } catch (error) {
      if ('shown' in when && !course.signal.aborted) course.lacking[when.shown.name] = String(error);
      return;
    }
    course.stepsAt.push(machine.hostSeconds);
    await perform(machine, act, course);
  }
}

async function waitFor(machine: Machine, when: Moment, from: number, course: Course): Promise<void> {
  if ('after' in when) await machine.console.waitFor(when.after, from, course.signal);
  else await waitForScreen(machine, when.shown, course);
}

/** What a program reads takes it a second or more of a processor: a screen that is as before is not read again. */
const BETWEEN_LOOKS_MS = 2_000;

async function waitForScreen(machine: Machine, saying: ScreenSaying, course: Course): Promise<void> {
  const { name } = saying;
  const path = join(course.folder, `screen-${name}.png`);
  for (let before = Buffer.alloc(0); name in course.lacking; await pause(BETWEEN_LOOKS_MS)) {
    course.signal.throwIfAborted();
    await machine.screenDump(path);
    const dump = readFileSync(path);
    if (dump.equals(before)) continue;
    before = dump;
    const read = await readScreen(path);
    writeFileSync(join(course.folder, `screen-${name}.txt`), read);
    const problem = screenProblem(read, saying);
    if (problem === undefined) delete course.lacking[name];
    else course.lacking[name] = problem;
  }
}

async function perform(machine: Machine, act: Action, course: Course): Promise<void> {
  if ('plug' in act) await machine.plug(act.plug);
  else if ('unplug' in act) await machine.unplug(act.unplug);
  else if ('type' in act) machine.console.send(act.type);
  else if ('press' in act) await machine.pressKeys(act.press);
  else if ('screen' in act && course.hasScreen) {
    course.screens[act.screen] = await machine.screenText();
    writeFileSync(join(course.folder, `screen-${act.screen}.txt`), course.screens[act.screen] ?? '');
    await machine.screenDump(join(course.folder, `screen-${act.screen}.png`));
  }
}

/** Of initramfs-tools, of systemd, and of dracut without it, where cryptsetup asks itself. */
export const passphrasePrompt =
  /Please (?:unlock disk \S+|enter passphrase for disk [^:]+):|Enter passphrase for \/dev\/\S+:/;

/** Types the passphrase half a second after each prompt; the count goes on while the machine runs. */
export function answerPrompts(machine: Machine, passphrase: string): { readonly count: number } {
  const answered = { count: 0 };
  const watch = async () => {
    for (let from = 0; ; ) {
      await machine.console.waitFor(passphrasePrompt, from);
      // the next may come while this one is answered
      from = machine.console.raw.length;
      answered.count += 1;
      await pause(500);
      machine.console.send(`${passphrase}\r`);
    }
  };
  watch().catch(() => undefined);
  return answered;
}

/** systemd's emergency shell asks for root's password, and guests have none: Return opens it. */
export function enterShell(machine: Machine): void {
  const watch = async () => {
    for (let from = 0; ; from = machine.console.raw.length) {
      await machine.console.waitFor(/Press Enter for (?:system )?maintenance/, from);
      await pause(500);
      machine.console.send('\r');
    }
  };
  watch().catch(() => undefined);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
