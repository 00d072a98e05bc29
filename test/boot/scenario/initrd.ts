// A guest's boot image with some files changed: read as cpio, edited in memory, packed again.
import { readFileSync, writeFileSync } from 'node:fs';
import { dracutHooks, type Entry, fileEntry, readImage, writtenImage } from '../guest/boot-image.ts';

export type InitrdChange =
  | { readonly remove: string }
  /** `made`: what is edited where the image has no such file. */
  | { readonly edit: string; readonly to: (content: string) => string; readonly made?: string }
  /** Shell text that runs first of all boot scripts. */
  | { readonly runEarly: string };

/** A host-only image of dracut has the machine's password of root, others have root locked; one of 059 has nobody's. */
const rootHas = (password: string): InitrdChange => ({
  edit: 'etc/shadow',
  made: 'root:*:20000:0:99999:7:::\n',
  to: (content) => content.replace(/^root:[^:]*/m, `root:${password}`),
});

export const openRoot = rootHas('');
export const lockedRoot = rootHas('*');

const earlyScript = 'scripts/init-top/test-early';

export function changedInitrd(source: string, target: string, changes: readonly InitrdChange[]): void {
  const entries = changes.reduce(apply, readImage(readFileSync(source)));
  writeFileSync(target, writtenImage(entries));
}

function apply(entries: readonly Entry[], change: InitrdChange): readonly Entry[] {
  if ('remove' in change) {
    const left = entries.filter((entry) => entry.name !== change.remove);
    if (left.length === entries.length) throw new Error(`the image has no file ${change.remove}`);
    return left;
  }
  if ('edit' in change) {
    const found = entries.find((entry) => entry.name === change.edit);
    if (found === undefined && change.made !== undefined)
      return [...entries, fileEntry(change.edit, change.to(change.made), 0o600)];
    if (found === undefined) throw new Error(`the image has no file ${change.edit}`);
    const content = Buffer.from(change.to(found.content.toString('utf8')));
    return entries.map((entry) => (entry === found ? { ...entry, content } : entry));
  }
  const hooks = dracutHooks(entries);
  if (hooks !== undefined)
    return [...entries, fileEntry(`${hooks}/pre-udev/00-test-early.sh`, `${change.runEarly}\n`, 0o755)];
  const order = entries.find((entry) => entry.name === 'scripts/init-top/ORDER');
  if (order === undefined) throw new Error('the image has no scripts/init-top/ORDER');
  const call = Buffer.from(`/${earlyScript} "$@"\n`);
  return [
    ...entries.map((entry) =>
      entry === order ? { ...entry, content: Buffer.concat([call, entry.content]) } : entry,
    ),
    fileEntry(earlyScript, `#!/bin/sh\n[ "$1" = prereqs ] && exit 0\n${change.runEarly}\n`, 0o755),
  ];
}
