/** A span of time in whole seconds. */
interface SecondsOption {
  readonly kind: 'seconds';
  readonly preset: number;
  readonly min: number;
  readonly max: number;
  readonly help: string;
}

interface ChoiceOption<T extends string> {
  readonly kind: 'choice';
  readonly preset: T;
  readonly choices: readonly T[];
  readonly help: string;
}

interface SwitchOption {
  readonly kind: 'switch';
  readonly preset: boolean;
  readonly help: string;
}

export type Option = SecondsOption | ChoiceOption<string> | SwitchOption;

const seconds = (preset: number, min: number, max: number, help: string): SecondsOption => ({
  kind: 'seconds',
  preset,
  min,
  max,
  help,
});

const choice = <const T extends string>(
  choices: readonly T[],
  preset: NoInfer<T>,
  help: string,
): ChoiceOption<T> => ({
  kind: 'choice',
  preset,
  choices,
  help,
});

const A_DAY = 86_400;

/**
 * Every key of /etc/reliable-raid/config.toml: the one source of types, defaults, validation and the manual page.
 * `PER_ARRAY` names those that `[array."UUID or name"]` may set for one array.
 */
export const OPTIONS = {
  wait: seconds(
    20,
    0,
    A_DAY,
    'How long a layer of arrays may take to complete before it is started degraded.',
  ),
  notice_after: seconds(10, 0, A_DAY, 'After how long the console says what the boot waits for.'),
  max_wait: seconds(
    180,
    0,
    A_DAY,
    'The longest wait, however many members keep arriving, and the longest wait for the answer to a question.',
  ),
  degraded: choice(
    ['start', 'ask', 'never'],
    'start',
    'At the end of the wait: start the array degraded, only on a key, or never.',
  ),
  stale: choice(
    ['ask', 'start'],
    'ask',
    'What to do when only data older than what was last seen is present.',
  ),
  shell: choice(
    ['allow', 'deny'],
    'allow',
    'Whether Return may open a rescue shell where the machine gives one.',
  ),
  readd: choice(
    ['auto', 'manual'],
    'auto',
    'Whether a member that comes back to its running array is re-added automatically, where that is safe.',
  ),
  strict: {
    kind: 'switch',
    preset: false,
    help: 'Whether building an image fails when the arrays of / cannot be found.',
  } satisfies SwitchOption,
} as const;

export const PER_ARRAY = ['wait', 'degraded'] as const;

/** Keys of earlier releases that no longer have an effect. */
export const FORMER_OPTIONS: readonly string[] = ['image_engine'];

type ValueOf<O> = O extends SecondsOption ? number : O extends ChoiceOption<infer T> ? T : boolean;

export type OptionName = keyof typeof OPTIONS;
export type OptionValues = { readonly [K in OptionName]: ValueOf<(typeof OPTIONS)[K]> };
export type ArrayOptions = Partial<Pick<OptionValues, (typeof PER_ARRAY)[number]>>;

export interface Configuration {
  readonly options: OptionValues;
  /** By UUID in mdadm's spelling, or by the name or node as written. */
  readonly arrays: ReadonlyMap<string, ArrayOptions>;
}

/** What a value of this option may be, for messages and the manual page. */
export function allowedValues(option: Option): string {
  if (option.kind === 'seconds') return `whole seconds from ${option.min} to ${option.max}`;
  return option.kind === 'choice' ? option.choices.map((word) => `"${word}"`).join(', ') : 'true, false';
}
