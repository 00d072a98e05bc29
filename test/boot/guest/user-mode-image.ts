// A guest's boot image for user-mode Linux: the distribution's, file for file, with that kernel's modules in the place of its own, and a
// udev rule that gives its disks what those of QEMU have by themselves.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dracutHooks, type Entry, fileEntry, folderEntry, readImage, writtenImage } from './boot-image.ts';
import { cached, fileHash } from './cache.ts';
import { userModeLinux } from './user-mode-linux.ts';

const rules = new URL('./in-uml/61-ubd.rules', import.meta.url);
const early = new URL('./in-uml/image-init-top', import.meta.url);
const recipe = 3;

/** What a boot from md, LUKS, LVM and network block devices may load; autofs, which systemd in an image believes in because its device node is there. */
const wanted =
  /^kernel\/(drivers\/md|drivers\/block|crypto|lib|arch|security|fs\/(autofs|ext4|fat|nls|overlayfs|jbd2))(\/|$)|^modules\./;

export async function imageForUserMode(initrd: string): Promise<string> {
  const uml = await userModeLinux();
  const scripts = scriptTexts();
  const folder = await cached(
    'user-mode-image',
    [recipe, fileHash(initrd), uml.folder, scripts],
    async (unfinished) => {
      const own = readImage(readFileSync(initrd));
      const image = withScriptsForUserMode(withModules(own, uml.modules, uml.version));
      writeFileSync(join(unfinished, 'initrd'), writtenImage(image));
    },
    24,
  );
  return join(folder, 'initrd');
}

const scriptTexts = (): readonly string[] => [readFileSync(rules, 'utf8'), readFileSync(early, 'utf8')];

/** The rule for its disks, and what must be done before udev starts. */
export const withScriptsForUserMode = (entries: readonly Entry[]): Entry[] =>
  withScripts(entries, scriptTexts());

function withModules(entries: readonly Entry[], modules: string, version: string): Entry[] {
  const place = entries.map(({ name }) => /^(usr\/)?lib\/modules(?=\/)/.exec(name)?.[0]).find(Boolean);
  if (place === undefined) throw new Error('the image has no modules');
  const kept = entries.filter(({ name }) => !name.startsWith(`${place}/`));
  const found = readdirSync(modules, { recursive: true, withFileTypes: true })
    .map((entry) => ({ entry, name: join(entry.parentPath, entry.name).slice(modules.length + 1) }))
    .filter(({ entry, name }) => entry.isFile() && wanted.test(name))
    .map(({ name }) => name);
  const folders = new Set(found.flatMap((name) => parents(`${place}/${version}/${name}`, place)));
  return [
    ...kept,
    ...[...folders].sort().map(folderEntry),
    ...found.map((name) => fileEntry(`${place}/${version}/${name}`, readFileSync(join(modules, name)))),
  ];
}

function parents(path: string, below: string): string[] {
  const parts = path.slice(below.length + 1).split('/');
  return parts.slice(0, -1).map((_, index) => `${below}/${parts.slice(0, index + 1).join('/')}`);
}

function withScripts(entries: readonly Entry[], [ruleText = '', script = '']: readonly string[]): Entry[] {
  const name = 'scripts/init-top/user-mode';
  const order = 'scripts/init-top/ORDER';
  const hooks = dracutHooks(entries);
  if (hooks !== undefined)
    return [
      ...entries,
      fileEntry(`${hooks}/pre-udev/00-user-mode.sh`, script, 0o755),
      fileEntry('61-ubd.rules', ruleText),
    ];
  return [
    ...entries.map((entry) =>
      entry.name === order
        ? { ...entry, content: Buffer.concat([Buffer.from(`/${name} "$@"\n`), entry.content]) }
        : entry,
    ),
    fileEntry(name, script, 0o755),
    fileEntry('61-ubd.rules', ruleText),
  ];
}
