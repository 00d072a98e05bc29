// What an installation leaves to the host where dracut builds the image.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage } from './boot-image.ts';

/** The image's files as lsinitramfs names them: lsinitrd takes longer than building the image did. */
export function listDracutImage(folder: string): void {
  const names = readImage(readFileSync(join(folder, 'initrd'))).map(({ name }) => name);
  writeFileSync(join(folder, 'initrd-files'), `${names.sort().join('\n')}\n`);
}

/**
 * `root=`, and what an image of dracut for no machine in particular must be told besides: which LUKS devices to open, by which names, and
 * the volume. Not the arrays: these are named by the product, in the image.
 */
export function dracutRootArguments(folder: string): string {
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  const root = text('root-argument').trim();
  const [, crypttab = ''] = /^== crypttab\n([\s\S]*?)^== /m.exec(text('tables')) ?? [];
  const luks = [...crypttab.matchAll(/^(\S+) UUID=(\S+)/gm)].map(
    ([, name, uuid]) => `rd.luks.uuid=${uuid} rd.luks.name=${uuid}=${name}`,
  );
  const [, group, volume] = /^root=\/dev\/mapper\/([^-]+)-([^-]+)$/.exec(root) ?? [];
  return [root, ...luks, ...(group === undefined ? [] : [`rd.lvm.lv=${group}/${volume}`])].join(' ');
}
