// An installed guest in one of its stages: with the image that Debian makes for it, with the product, with the product removed
// again; with the product, and the halves of its mirror having run alone.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { baseImage } from './base.ts';
import { cached, fileHash } from './cache.ts';
import { dracutRootArguments, listDracutImage } from './dracut-guest.ts';
import { mustRun } from './host-command.ts';
import type { Layout } from './layout.ts';
import { layoutScript } from './layout-script.ts';
import { isOfDracut, platformOf, platforms } from './platforms.ts';
import { say, step } from './progress.ts';
import { scratchFolder } from './scratch.ts';
import { createDisk, runUnderUml, type UmlResult } from './uml.ts';

export type Stage =
  | { readonly kind: 'stock' }
  | ({ readonly kind: 'product' | 'removed' | 'split' } & Product);

export interface Product {
  readonly deb: string;
}

/** disk1.raw ..., vmlinuz, initrd, initrd-files, root-argument, arrays, tables, log, started, ended. */
export interface Guest {
  readonly layout: Layout;
  readonly folder: string;
  readonly disks: Readonly<Record<string, string>>;
  readonly rootArgument: string;
  readonly initrdFiles: readonly string[];
  readonly initrdBytes: number;
}

/** One each of the platforms that are booted beside each other. */
const guestsKept = platforms.length;

const scriptNames = ['common', 'install', 'change', 'mend-superblock', 'test-shell.service'] as const;

/** What a stage that does not change the system keeps of the one before. */
const bootFiles = ['vmlinuz', 'initrd', 'initrd-files', 'root-argument', 'arrays', 'tables'] as const;

export async function guest(layout: Layout, stage: Stage, suite = 'trixie'): Promise<Guest> {
  const folder = await stageFolder(layout, stage, suite);
  const text = (name: string) => readFileSync(join(folder, name), 'utf8');
  return {
    layout,
    folder,
    disks: diskFiles(layout, folder),
    rootArgument: isOfDracut(suite) ? dracutRootArguments(folder) : text('root-argument').trim(),
    initrdFiles: text('initrd-files').trim().split('\n'),
    initrdBytes: statSync(join(folder, 'initrd')).size,
  };
}

async function stageFolder(layout: Layout, stage: Stage, suite: string): Promise<string> {
  const scripts = { ...scriptsOf(suite), layout: layoutScript(layout) };
  const title = `${layout.name} (${suite})`;
  const apply = async (change: Change) =>
    changed(layout, suite, scripts, `${title}: ${change.title}`, change, [
      change.from,
      ...change.input.map(fileHash),
    ]);
  const installed = await installedFolder(layout, suite, scripts, title);
  if (stage.kind === 'stock') {
    const command = isOfDracut(suite)
      ? '/etc/kernel/postinst.d/dracut "$(ls /lib/modules)"'
      : 'update-initramfs -u';
    return apply({ stage: 'stock', from: installed, input: [], command, title: 'image without us' });
  }
  const withProduct = await apply({
    stage: 'product',
    from: installed,
    input: [stage.deb],
    command: `apt-get install -y ./${basename(stage.deb)}`,
    title: 'apt install',
  });
  if (stage.kind === 'product') return withProduct;
  if (stage.kind === 'split') return cameApart(layout, suite, scripts, withProduct);
  return apply({
    stage: 'removed',
    from: withProduct,
    input: [],
    command: 'apt-get purge -y reliable-raid',
    title: 'apt purge',
  });
}

/** The disks of a machine that has not made its own image yet: most guests get it with the product, and never need Debian's. */
async function installedFolder(
  layout: Layout,
  suite: string,
  scripts: Scripts,
  title: string,
): Promise<string> {
  const script = `${hasSmallImage(layout, suite) ? 'small_image=yes\n' : ''}${scripts.install}`;
  const made = [layout.disks, scripts, script, inUml(['prepare']), await baseImage(suite, layout.packages)];
  return cached(
    `guest-${layout.name}`,
    made,
    (folder) =>
      step(`installing ${title}`, async () => {
        for (const [name, path] of Object.entries(diskFiles(layout, folder))) {
          createDisk(path, layout.disks[name]?.size ?? '0');
        }
        await underUml(layout, folder, suite, { ...scripts, script });
      }),
    guestsKept,
  );
}

type Scripts = Readonly<Record<(typeof scriptNames)[number] | 'layout', string>>;

/** Seconds that a command of the administrator takes on the installed machine, under user-mode Linux; nothing is kept. */
export async function secondsOf(
  command: string,
  { layout, folder }: Guest,
  suite = 'trixie',
): Promise<number> {
  const scratch = scratchFolder('timed');
  try {
    for (const path of Object.values(diskFiles(layout, folder))) {
      await mustRun(['cp', '--sparse=always', path, join(scratch, basename(path))]);
    }
    const scripts = { ...scriptsOf(suite), layout: layoutScript(layout) };
    await underUml(layout, scratch, suite, { ...scripts, script: scripts.change, command });
    const at = (name: string): number => Number(readFileSync(join(scratch, name), 'utf8'));
    return at('ended') - at('started');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

interface Change {
  readonly stage: 'stock' | 'product' | 'removed';
  readonly from: string;
  readonly input: readonly string[];
  readonly command: string;
  readonly title: string;
}

function changed(
  layout: Layout,
  suite: string,
  scripts: Scripts,
  title: string,
  change: Change,
  inputs: readonly unknown[],
): Promise<string> {
  return cached(
    `guest-${layout.name}-${change.stage}`,
    [change.command, inputs],
    (folder) =>
      step(title, async () => {
        for (const path of Object.values(diskFiles(layout, change.from))) {
          await mustRun(['cp', '--sparse=always', path, join(folder, basename(path))]);
        }
        await underUml(
          layout,
          folder,
          suite,
          { ...scripts, script: scripts.change, command: change.command },
          change.input,
        );
      }),
    guestsKept,
  );
}

function cameApart(layout: Layout, suite: string, scripts: Scripts, from: string): Promise<string> {
  const { split: script } = inUml(['split']);
  return cached(
    `guest-${layout.name}-split`,
    [script, from],
    (folder) =>
      step(`${layout.name} (${suite}): each half runs alone`, async () => {
        for (const path of Object.values(diskFiles(layout, from))) {
          await mustRun(['cp', '--sparse=always', path, join(folder, basename(path))]);
        }
        for (const name of bootFiles) cpSync(join(from, name), join(folder, name));
        await underUml(layout, folder, suite, { ...scripts, script });
      }),
    guestsKept,
  );
}

async function underUml(
  layout: Layout,
  folder: string,
  suite: string,
  files: Readonly<Record<string, string>> & { readonly script: string },
  input: readonly string[] = [],
): Promise<void> {
  const result = await runUnderUml({
    suite,
    files,
    script: files.script,
    ...(layout.packages === undefined ? {} : { packages: layout.packages }),
    input,
    ...(isOfDracut(suite) ? { timeoutSeconds: SECONDS_WITH_DRACUT } : {}),
    disks: Object.values(diskFiles(layout, folder)).map((path) => ({ path })),
    outFolder: folder,
  });
  if (result.code === 0 && isOfDracut(suite) && existsSync(join(folder, 'initrd'))) listDracutImage(folder);
  writeFileSync(join(folder, 'log'), `${result.stdout}\n${result.stderr}`);
  if (result.code !== 0) fail(layout, result);
}

function fail(layout: Layout, result: UmlResult): never {
  const kept = join(process.cwd(), 'test/boot/.out');
  mkdirSync(kept, { recursive: true });
  const log = join(kept, `install-${layout.name}.log`);
  writeFileSync(log, `${result.stdout}\n== stderr\n${result.stderr}\n== console\n${result.console}`);
  say(`the whole log: ${log}`);
  const end = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-20).join('\n');
  throw new Error(`${layout.name}: the script under user-mode Linux ended with code ${result.code}\n${end}`);
}

function diskFiles(layout: Layout, folder: string): Record<string, string> {
  return Object.fromEntries(Object.keys(layout.disks).map((name) => [name, join(folder, `${name}.raw`)]));
}

function inUml<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const read = (name: Name) => readFileSync(new URL(`./in-uml/${name}`, import.meta.url), 'utf8');
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Name, string>;
}

/** With dracut, what builds an image and lists its files is another command. */
function scriptsOf(suite: string): Record<(typeof scriptNames)[number], string> {
  const scripts = inUml(scriptNames);
  if (!isOfDracut(suite)) return scripts;
  const omits = platformOf(suite)?.omits;
  const more = [
    inUml(['common-dracut'])['common-dracut'],
    ...(omits === undefined ? [] : [`dracut_omits='${omits}'`]),
  ];
  return { ...scripts, common: [scripts.common, ...more].join('\n') };
}

/** Debian's default, most modules and good compression, takes half as long again for each image: the guest that is compared with stock has it. */
const hasSmallImage = ({ name }: Layout, suite: string): boolean =>
  !isOfDracut(suite) && !(name === 'raid1-ext4' && suite === platforms[0].suite);

/** dracut starts some thousand programs for an image: 890 s were seen on a busy host. */
const SECONDS_WITH_DRACUT = 3600;

/** A copy of an installed guest's folder is not needed to boot it: disks are read through overlays. */
export function copyBootFiles(guest: Guest, folder: string): void {
  for (const name of ['vmlinuz', 'initrd']) cpSync(join(guest.folder, name), join(folder, name));
}
