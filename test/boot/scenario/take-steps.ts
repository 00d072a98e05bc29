// Does to a running machine what a scenario says, in the guest's time.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from '../vm/machine.ts';
import type { Action, Step } from './scenario.ts';

interface Course {
  readonly folder: string;
  readonly screens: Record<string, string>;
  /** When each step was done, by the host's clock. */
  readonly stepsAt: number[];
  readonly signal: AbortSignal;
  readonly hasScreen: boolean;
}

export async function doSteps(machine: Machine, steps: readonly Step[], course: Course): Promise<void> {
  let from = 0;
  for (const { when, act } of steps) {
    try {
      await machine.console.waitFor(when.after, from, course.signal);
      from = machine.console.raw.length;
      await pause(when.pause * 1000);
    } catch {
      return;
    }
    course.stepsAt.push(machine.hostSeconds);
    await perform(machine, act, course);
  }
}

async function perform(machine: Machine, act: Action, course: Course): Promise<void> {
  if ('plug' in act) await machine.plug(act.plug);
  else if ('unplug' in act) await machine.unplug(act.unplug);
  else if ('type' in act) machine.console.send(act.type);
  else if ('press' in act) await machine.pressKeys(act.press);
  else if (course.hasScreen) {
    course.screens[act.screen] = await machine.screenText();
    writeFileSync(join(course.folder, `screen-${act.screen}.txt`), course.screens[act.screen] ?? '');
    await machine.screenDump(join(course.folder, `screen-${act.screen}.png`));
  }
}

/** cryptsetup's of initramfs-tools, and systemd's. */
export const passphrasePrompt = /Please (?:unlock disk \S+|enter passphrase for disk [^:]+):/;

/** Types the passphrase half a second after each prompt; the count goes on while the machine runs. */
export function answerPrompts(machine: Machine, passphrase: string): { readonly count: number } {
  const answered = { count: 0 };
  const watch = async () => {
    for (let from = 0; ; from = machine.console.raw.length) {
      await machine.console.waitFor(passphrasePrompt, from);
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
