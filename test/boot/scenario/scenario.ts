// The words a scenario is written in: a machine, what happens to it, what must be seen.

import type { Firmware } from '../vm/machine.ts';
import type { InitrdChange } from './initrd.ts';
import type { Outcome } from './outcome.ts';
import type { WantedWords } from './screen-words.ts';

export interface Scenario {
  /** B2, or B5-esc for one of several that belong together. */
  readonly id: string;
  readonly title: string;
  readonly layout: string;
  /** What is installed on the machine; the product, unless said otherwise. `split`: and both halves of its mirror ran alone. */
  readonly stage?: 'stock' | 'product' | 'removed' | 'split';
  /**
   * Booted without the product as well, with the same past, in the same run: `outcome.stock` is what was seen there. Under user-mode
   * Linux only, where a boot takes seconds.
   */
  readonly besideStock?: true;
  /** Each boot takes the image that the boot before it has left in /boot, as a boot loader does. Under user-mode Linux only. */
  readonly ownImage?: true;
  /** Why it is not booted where dracut builds the image. */
  readonly notWithDracut?: string;
  /** Booted there only. */
  readonly onlyWithDracut?: true;
  /**
   * A shell of the image is opened. dracut's asks for root's password, and an image for no machine in particular locks root: here root has
   * none, as where the machine's own root has none and the image is for that machine.
   */
  readonly opensShell?: true;
  /** Disks that are not there at power-on. */
  readonly absent?: readonly string[];
  /** Boots of the same machine before this one, which keep its disks and its NVRAM. */
  readonly before?: readonly PriorBoot[];
  readonly firmware?: Firmware;
  readonly kernelArguments?: readonly string[];
  readonly initrd?: readonly InitrdChange[];
  readonly memoryMiB?: number;
  /** What a person or the hardware does, one after the other. */
  readonly steps?: readonly Step[];
  /** LUKS prompts are answered as they come, unless false. */
  readonly unlock?: boolean;
  /** Where the boot is expected to end; reached or not, what there is to see is collected then. */
  readonly ends: Ending;
  /** What udev and its jobs still do when the system is up is waited for before it is looked at. */
  readonly settle?: true;
  /** Guest seconds after which the machine is given up; DEFAULT_LIMIT_S. */
  readonly limit?: number;
  readonly expect: readonly Expectation[];
}

export const DEFAULT_LIMIT_S = 120;

/** `system`: the system runs. `shell`: the initramfs offers its shell. `rest`: the kernel restarts or stops the machine. */
export type Ending = 'system' | 'shell' | 'rest';

/** A boot into the system, what is done there, and its end. */
export interface PriorBoot {
  readonly absent?: readonly string[];
  /** The scenario's, unless said otherwise. */
  readonly kernelArguments?: readonly string[];
  /** While it boots. */
  readonly steps?: readonly Step[];
  /** Each must succeed, within five minutes. */
  readonly run?: readonly string[];
  /** The power goes after the last command; else it ends in order. */
  readonly powerFails?: true;
}

export interface Step {
  readonly when: Moment;
  readonly act: Action;
}

/** Something seen after the step before, and seconds from then; never a time of day, since a machine under load is slower. */
export type Moment =
  /** A text on the console. */
  | { readonly after: RegExp; readonly pause: number }
  /** The screen shows a person certain words; its picture is kept by that name. */
  | { readonly shown: ScreenSaying; readonly pause: number };

export interface ScreenSaying extends WantedWords {
  readonly name: string;
}

export type Action =
  | { readonly look: true }
  | { readonly plug: string }
  | { readonly unplug: string }
  | { readonly type: string }
  | { readonly press: readonly string[] }
  | { readonly screen: string };

export interface Expectation {
  readonly what: string;
  /** Looked at only where the machine has a virtual terminal. */
  readonly needsScreen?: true;
  /** Looks at `outcome.stockImage`. */
  readonly needsStockImage?: true;
  /** Why the outcome is not what was expected; nothing if it is. */
  readonly problem: (outcome: Outcome) => string | undefined;
}

export const after = (text: RegExp, act: Action, pause = 0.3): Step => ({
  when: { after: text, pause },
  act,
});
/** The screen says so; then nothing is done, unless `act` says what. */
export const shown = (
  name: string,
  { words, without = [] }: Partial<WantedWords> & Pick<WantedWords, 'words'>,
  act: Action = { look: true },
): Step => ({ when: { shown: { name, words, without }, pause: 0.3 }, act });
export const plug = (disk: string): Action => ({ plug: disk });
export const type = (text: string): Action => ({ type: text });
export const press = (...keys: string[]): Action => ({ press: keys });
export const screen = (name: string): Action => ({ screen: name });

export const keys = { escape: '\x1b', up: '\x1b[A', down: '\x1b[B', return: '\r', d: 'd' } as const;
