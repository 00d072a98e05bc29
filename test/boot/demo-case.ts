// What a demonstration will show: what becomes of root's arrays with these disks away.
import type { Layer, Layout } from './guest/layout.ts';

/** What root needs and what is there of it at first: all, enough to start degraded, too little. `no-array`: nothing of ours. */
export type DemoCase = 'no-array' | 'complete' | 'degraded' | 'too-few';

export function demoCase(layout: Layout, away: readonly string[]): DemoCase {
  const arrays = layout.layers.flatMap(({ array, make }) =>
    array === undefined ? [] : [{ ...array, level: levelOf(make) }],
  );
  const stateOf = (name: string): DemoCase => {
    const array = arrays.find((each) => each.name === name);
    if (array === undefined) return away.includes(name.replace(/p\d+$/, '')) ? 'too-few' : 'complete';
    const states = array.members.map(stateOf);
    const missing = states.flatMap((state, role) => (state === 'too-few' ? [role] : []));
    if (!isEnough(array.level, states.length, missing)) return 'too-few';
    return missing.length > 0 || states.includes('degraded') ? 'degraded' : 'complete';
  };
  const needed = rootArrays(
    layout,
    arrays.map(({ name }) => name),
  );
  if (needed.length === 0) return 'no-array';
  const states = needed.map(stateOf);
  return states.includes('too-few') ? 'too-few' : states.includes('degraded') ? 'degraded' : 'complete';
}

/** Whether md starts it; raid10 as mdadm makes it, with two copies side by side. */
function isEnough(level: number, devices: number, missing: readonly number[]): boolean {
  if (level === 1) return missing.length < devices;
  if (level === 10) return missing.every((role) => !missing.includes(role ^ 1));
  return missing.length <= (level === 6 ? 2 : level === 5 ? 1 : 0);
}

const levelOf = (make: Layer['make']): number =>
  Number(/--level=(\d+)/.exec(make.join('\n'))?.[1] ?? Number.NaN);

/** Arrays that root stands on: as the layers below name each other; `/boot` on an array of its own is not waited for. */
function rootArrays({ mounts, layers }: Layout, names: readonly string[]): readonly string[] {
  const root = mounts.find(({ at }) => at === '/')?.on ?? '';
  if (names.includes(root)) return [root];
  // LUKS and LVM: the last array below them.
  const stands = layers.some(({ array }) => array === undefined) && root.includes('/');
  const last = names.at(-1);
  return stands && last !== undefined ? [last] : [];
}

export interface Demonstration {
  readonly layout: Layout;
  readonly suite: string;
  readonly stock: boolean;
  readonly missing: readonly string[];
  readonly late: readonly { readonly disk: string; readonly seconds: number }[];
  /** Shown where something must be unlocked. */
  readonly passphrase: string;
}

export function legend({ layout, suite, stock, missing, late, passphrase }: Demonstration): string {
  const removed = missing.map((disk) => `${disk} has been removed`);
  const coming = late.map(({ disk, seconds }) => `${disk} is plugged in ${seconds} s after power-on`);
  const events = [...removed, ...coming].join('; ') || 'all disks are present';
  const encrypted = layout.layers.some((layer) => layer.open.some((line) => line.includes('cryptsetup')));
  const first = demoCase(layout, [...missing, ...late.map(({ disk }) => disk)]);
  const last = demoCase(layout, missing);
  const waits = first !== 'complete' && first !== 'no-array' && !stock;
  return [
    '',
    `A Debian machine (${suite}${stock ? ', without reliable-raid' : ''}), emulated: ${layout.title}.`,
    `${events}.`,
    ...(stock ? stockWords(first, last) : words(first, last, late.length > 0)),
    '',
    ...(waits && first === 'degraded' ? ['  Esc or d   start degraded now'] : []),
    ...(waits ? ['  Return     rescue shell: type reliable-raid start, then exit'] : []),
    '  Ctrl-]     switch the machine off',
    ...(encrypted ? [`  passphrase ${passphrase}`] : []),
    '  login      root, no password; then: cat /proc/mdstat',
    '',
    '',
  ].join('\n');
}

function words(first: DemoCase, last: DemoCase, comes: boolean): readonly string[] {
  if (first === 'no-array') return ['Root stands on no array: reliable-raid adds nothing to the boot.'];
  if (first === 'complete') return ["Root's array is complete: the boot goes on without a wait."];
  const notice = 'About 10 s after the search for disks begins, a notice says what the boot waits for;';
  if (first === 'degraded')
    return [
      notice,
      `10 s later the array is started degraded${comes ? ', unless the late disk is there before' : ''}.`,
    ];
  if (last === 'too-few')
    return [
      notice,
      'it has too few members and CANNOT be started: no key and no wait changes that. Debian then',
      'gives up after about 30 s, and opens its shell.',
    ];
  return [notice, 'it has too few members until the late disk is there.'];
}

function stockWords(first: DemoCase, last: DemoCase): readonly string[] {
  if (first === 'no-array' || first === 'complete') return ['It boots as any Debian does.'];
  if (last === 'too-few')
    return ['The array has too few members: Debian gives up after about 30 s, and opens its shell.'];
  return ["Debian's own scripts wait, and start the array at the end of that; no key does anything."];
}
