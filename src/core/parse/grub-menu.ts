import { lastValue, parseKernelCmdline } from './kernel-cmdline.ts';

/** What a menu starts: a kernel and its image, by the names of their files, and where the kernel is told that root is. */
export interface MenuEntry {
  readonly kernel: string;
  readonly image: string | null;
  /** The value of `root=` as written; null where there is none, or GRUB would put something else in its place. */
  readonly root: string | null;
  /** It is the one that GRUB starts where nobody chooses. */
  readonly isDefault: boolean;
}

const MAX_ENTRIES = 1000;

/** A menu or a part of it, by what `default` may call it. */
interface Place {
  readonly index: number;
  readonly title: string;
  readonly id: string | null;
}

interface Found extends Omit<MenuEntry, 'isDefault'> {
  readonly places: readonly Place[];
}

/**
 * The entries of a grub.cfg that start Linux, in their order. `environment`: the block that it loads (grubenv), where grub-set-default and
 * grub-reboot leave their choice. What cannot be told from the two starts the first entry, as in GRUB.
 */
export function parseGrubMenu(text: string, environment = ''): readonly MenuEntry[] {
  const found = entriesOf(text);
  const chosen = indexOfDefault(found, defaultOf(text, environment));
  return found.map(({ places: _, ...entry }, index) => ({ ...entry, isDefault: index === chosen }));
}

function entriesOf(text: string): readonly Found[] {
  const entries: Found[] = [];
  /** What is open, innermost last; null for what is no part of the menu (a function). */
  const open: (Place | null)[] = [];
  const counts = [0];
  for (const line of text.split('\n')) {
    const menu = /^\s*(?:menuentry|submenu)\s+(.*)\{\s*$/.exec(line)?.[1];
    if (menu !== undefined && counts.length < MAX_DEPTH) {
      const index = counts[counts.length - 1] ?? 0;
      counts[counts.length - 1] = index + 1;
      counts.push(0);
      open.push({ index, title: titleOf(menu), id: idOf(menu) });
    } else if (/\{\s*$/.test(line)) open.push(null);
    else if (/^\s*\}\s*$/.test(line) && open.length > 0 && open.pop() !== null) counts.pop();
    const [, kind = '', path = '', rest = ''] = /^\s*(linux|initrd)(?:16|efi)?\s+(\S+)(.*)/.exec(line) ?? [];
    const name = path.replace(/^.*\//, '');
    const last = entries.at(-1);
    if (kind === 'linux' && entries.length < MAX_ENTRIES) {
      const places = open.filter((one) => one !== null);
      entries.push({ kernel: name, image: null, root: rootIn(rest), places });
    } else if (kind === 'initrd' && last?.image === null)
      entries[entries.length - 1] = { ...last, image: name };
  }
  return entries;
}

const MAX_DEPTH = 16;

const titleOf = (words: string): string =>
  /^(?:'([^']*)'|"([^"]*)"|(\S+))/.exec(words)?.slice(1).join('') ?? '';

/** grub-mkconfig puts it behind a variable that is `--id` where GRUB knows ids. */
const idOf = (words: string): string | null =>
  /(?:--id[= ]|\$\{?menuentry_id_option\}? )['"]?([^'"\s]+)/.exec(words)?.[1] ?? null;

/** The value of `default` as it comes to be: an entry for the next boot alone is before a saved one. null where it cannot be told. */
function defaultOf(text: string, environment: string): string | null {
  const saved = new Map(
    environment.split('\n').flatMap((line): [string, string][] => {
      const [, name = '', value = ''] = /^(\w+)=(.*)$/.exec(line) ?? [];
      return name === '' ? [] : [[name, value]];
    }),
  );
  const set = [...text.matchAll(/^[ \t]*set default="?([^"\n]*)"?[ \t]*$/gm)].map(([, value = '']) => value);
  const once = saved.get('next_entry') ?? '';
  if (once !== '' && set.some((value) => isVariable(value, 'next_entry'))) return once;
  const last = set.findLast((value) => !isVariable(value, 'next_entry'));
  if (last !== undefined && isVariable(last, 'saved_entry'))
    return saved.get('prev_saved_entry') || (saved.get('saved_entry') ?? null);
  return last === undefined || last.includes('$') ? null : last;
}

const isVariable = (value: string, name: string): boolean => value === `\${${name}}` || value === `$${name}`;

/** `1>2`: the third entry of the second one; a title or an id may stand for each number. */
function indexOfDefault(entries: readonly Found[], wanted: string | null): number {
  const steps = wanted === null || wanted === '' ? [] : wanted.split('>');
  const isMeant = ({ places }: Found): boolean =>
    steps.every((step, depth) => {
      const place = places[depth];
      return place !== undefined && [`${place.index}`, place.title, place.id].includes(step);
    });
  return Math.max(0, entries.findIndex(isMeant));
}

/** GRUB takes off quotes and puts in variables before the kernel sees the words. */
function rootIn(words: string): string | null {
  const root = lastValue(parseKernelCmdline(words), 'root');
  return root === null || /['"$\\]/.test(root) ? null : root;
}
