import { lastValue, parseKernelCmdline } from './kernel-cmdline.ts';

/** What a menu starts: a kernel and its image, by the names of their files, and where the kernel is told that root is. */
export interface MenuEntry {
  readonly kernel: string;
  readonly image: string | null;
  /** The value of `root=` as written; null where there is none, or GRUB would put something else in its place. */
  readonly root: string | null;
}

const MAX_ENTRIES = 1000;

/** The entries of a grub.cfg in their order; the first is what boots by default, unless a saved one is. */
export function parseGrubMenu(text: string): readonly MenuEntry[] {
  const entries: MenuEntry[] = [];
  for (const line of text.split('\n')) {
    const [, kind = '', path = '', rest = ''] = /^\s*(linux|initrd)(?:16|efi)?\s+(\S+)(.*)/.exec(line) ?? [];
    const name = path.replace(/^.*\//, '');
    const last = entries.at(-1);
    if (kind === 'linux' && entries.length < MAX_ENTRIES)
      entries.push({ kernel: name, image: null, root: rootIn(rest) });
    else if (kind === 'initrd' && last?.image === null)
      entries[entries.length - 1] = { ...last, image: name };
  }
  return entries;
}

/** GRUB takes off quotes and puts in variables before the kernel sees the words. */
function rootIn(words: string): string | null {
  const root = lastValue(parseKernelCmdline(words), 'root');
  return root === null || /['"$\\]/.test(root) ? null : root;
}
