import * as v from 'valibot';

const A_DAY = 86_400;

const seconds = (preset: number, meaning: string) =>
  v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(A_DAY), v.description(meaning)),
    preset,
  );

const choice = <const Words extends readonly string[]>(
  words: Words,
  preset: NoInfer<Words[number]>,
  meaning: string,
) => v.optional(v.pipe(v.picklist(words), v.description(meaning)), preset);

const toggle = (preset: boolean, meaning: string) =>
  v.optional(v.pipe(v.boolean(), v.description(meaning)), preset);

/**
 * Every key of /etc/reliable-raid/config.toml: the one source of types, defaults, messages, the manual's list, the sample and
 * the JSON schema.
 */
export const SETTINGS = v.strictObject({
  wait: seconds(20, 'How long a layer of arrays may take to complete before it is started degraded.'),
  notice_after: seconds(10, 'After how long the console says what the boot waits for; at most wait.'),
  max_wait: seconds(
    180,
    'The longest wait, however many members keep arriving, and the longest wait for the answer to a question; at least wait.',
  ),
  degraded: choice(
    ['start', 'ask', 'never'],
    'start',
    'At the end of the wait: start the array degraded, only on a key, or never.',
  ),
  foreign: choice(
    ['never', 'ask', 'start'],
    'never',
    'After the boot, as degraded, for arrays of other machines: no record here knows them, nor is their host name ours.',
  ),
  unmounted: choice(
    ['start', 'ask', 'never'],
    'start',
    'After the boot, as degraded, for arrays of this machine that nothing in fstab or crypttab stands on; as degraded where no file sets it.',
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
    ['auto', 'manual', 'rebuild'],
    'auto',
    'Whether a member that comes back to its running array is re-added automatically, where that is safe.',
  ),
  update_images: choice(
    ['warn', 'auto', 'never'],
    'warn',
    'When the list of the boot image is older than the machine: say so once, build the image anew, or do nothing.',
  ),
  strict: toggle(false, 'Whether building an image fails when the arrays of / cannot be found.'),
});

export type SettingName = keyof typeof SETTINGS.entries;
export type SettingValues = Readonly<v.InferOutput<typeof SETTINGS>>;

/** What `[array."NAME"]` may set for one array. */
export const PER_ARRAY = ['wait', 'degraded'] as const satisfies readonly SettingName[];
export type ArraySettings = Partial<Pick<SettingValues, (typeof PER_ARRAY)[number]>>;

export const SETTING_NAMES = Object.keys(SETTINGS.entries) as readonly SettingName[];

/** Keys of earlier releases that no longer have an effect. */
export const FORMER_SETTINGS: readonly string[] = ['image_engine'];

export const DEFAULTS: SettingValues = v.getDefaults(SETTINGS) as SettingValues;

/** The whole file. In a section nothing has a default: what it does not name is as for all arrays. */
export const CONFIGURATION = v.strictObject({
  ...SETTINGS.entries,
  array: v.optional(
    v.pipe(
      v.record(
        v.string(),
        v.strictObject({
          wait: v.optional(SETTINGS.entries.wait.wrapped),
          degraded: v.optional(SETTINGS.entries.degraded.wrapped),
        }),
      ),
      v.description(
        'Values for one array, by its UUID or by any name that mdadm or the console shows for it.',
      ),
    ),
  ),
});

type Setting = (typeof SETTINGS.entries)[SettingName]['wrapped'];

const settingOf = (name: SettingName): Setting => SETTINGS.entries[name].wrapped;

export const isSettingName = (name: string): name is SettingName => Object.hasOwn(SETTINGS.entries, name);

export const meaningOf = (name: SettingName): string => v.getDescription(settingOf(name)) ?? '';

/** Whether the schema accepts the value. */
export const isAllowed = (name: SettingName, value: unknown): boolean => v.is(settingOf(name), value);

/** What a value may be, as the schema says it. */
export function allowedValues(name: SettingName): string {
  const [type, ...checks] = settingOf(name).pipe;
  if (type.type === 'boolean') return 'true, false';
  if (type.type === 'picklist') return type.options.map((word) => JSON.stringify(word)).join(', ');
  const limits = checks.flatMap((check) =>
    'requirement' in check && typeof check.requirement === 'number' ? [check.requirement] : [],
  );
  return `whole seconds from ${limits.join(' to ')}`;
}

/** As it stands in the file. */
export const asToml = (value: string | number | boolean): string => JSON.stringify(value);
