// A machine's disks as files, and what is done to them by rescue systems.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage, writtenImage } from '../guest/boot-image.ts';
import { cached } from '../guest/cache.ts';
import { mustRun } from '../guest/host-command.ts';
import { isOfDracut } from '../guest/platforms.ts';
import { step } from '../guest/progress.ts';
import { createDisk, runUnderUml } from '../guest/uml.ts';
import { withScriptsForUserMode } from '../guest/user-mode-image.ts';
import { HarnessFault } from '../scenario/harness-fault.ts';
import { changedInitrd, openRoot } from '../scenario/initrd.ts';
import type { Copies } from './copies.ts';
import { type GoldenRoot, generatorScript, goldenRoot, MOST_SYSTEMS, USR_UUID } from './golden-root.ts';
import { buildScript, eventScript, USR_PLACE } from './life-script.ts';
import { describeEvent, type LifeEvent, type MachinePlan } from './machine-plan.ts';
import { imageWithOwnParts } from './own-image.ts';

/** The installed system, and the image that was built of it on a machine with everything in it. */
export interface GoldenSystem extends GoldenRoot {
  readonly image: string;
}

export async function goldenSystem(suite: string, deb: string): Promise<GoldenSystem> {
  const root = await goldenRoot(suite, deb);
  return { ...root, image: await templateImage(root, suite) };
}

export interface BuiltMachine {
  readonly plan: MachinePlan;
  readonly folder: string;
  readonly golden: GoldenSystem;
  readonly suite: string;
  readonly uuids: Readonly<Record<string, string>>;
  readonly rootArgument: string;
  readonly initrd: string;
}

/** Printed by an image of dracut before udev starts; that of initramfs-tools has words of its own. */
export const DEVICES_ARE_LOOKED_FOR = 'machine: udev starts';

export const diskFile = (folder: string, disk: string): string => join(folder, `${disk}.raw`);

export async function buildMachine(
  plan: MachinePlan,
  folder: string,
  golden: GoldenSystem,
  suite: string,
): Promise<BuiltMachine> {
  await build(plan, folder, golden, suite, 'parts');
  const text = (name: string) => readFileSync(join(folder, name), 'utf8').trim();
  await imageOf(golden.image, folder, suite);
  return {
    ...{ plan, folder, golden, suite },
    uuids: Object.fromEntries(
      text('uuids')
        .split('\n')
        .map((line) => line.split(' ') as [string, string]),
    ),
    rootArgument: text('root-argument'),
    initrd: join(folder, 'initrd'),
  };
}

async function build(
  plan: MachinePlan,
  folder: string,
  golden: GoldenRoot,
  suite: string,
  image: 'whole' | 'parts',
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { name, sizeMiB } of plan.disks) createDisk(diskFile(folder, name), `${sizeMiB}M`);
  await inRescue(
    plan,
    folder,
    golden,
    suite,
    buildScript(plan, USR_UUID, image, isOfDracut(suite)),
    'build',
    [golden.rootArchive],
  );
}

/** The same machine at another place: its disks as they are, with another installed system. */
export async function copyOf(
  machine: BuiltMachine,
  folder: string,
  golden: GoldenSystem,
): Promise<BuiltMachine> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await mustRun(['cp', '-a', '--sparse=always', `${machine.folder}/.`, folder]);
  return { ...machine, folder, golden, initrd: join(folder, 'initrd') };
}

/** A machine with everything in it, whose image is built once. */
const TEMPLATE: MachinePlan = {
  seed: 0,
  disks: ['disk1', 'disk2'].map((name) => ({ name, partitions: [], sizeMiB: 64 })),
  layers: [
    { kind: 'md', name: 'md0', level: 'raid1', metadata: '1.2', members: ['disk1', 'disk2'], bitmap: true },
    { kind: 'luks', name: 'crypt0', on: 'md0' },
    { kind: 'lvm', name: 'vg0', on: ['mapper/crypt0'], thin: true },
  ],
  root: 'mapper/vg0-root',
  others: [],
  foreign: null,
  life: [],
};

/** Making a whole image costs many times as much as all else of a machine, and differs only in what is of the machine. */
async function templateImage(golden: GoldenRoot, suite: string): Promise<string> {
  const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const script = buildScript(TEMPLATE, USR_UUID, 'whole', isOfDracut(suite));
  const inputs = [golden.usr, script, text('in-uml/life'), generatorScript(suite)];
  const make = (unfinished: string) =>
    step(`the image of random machines (${suite}, about 60 s)`, async () => {
      const work = join(unfinished, 'machine');
      mkdirSync(work, { recursive: true });
      await build(TEMPLATE, work, golden, suite, 'whole');
      if (isOfDracut(suite)) completed(join(work, 'initrd'));
      renameSync(join(work, 'initrd'), join(unfinished, 'initrd'));
      rmSync(work, { recursive: true });
    });
  const folder = await cached('machine-image', inputs, make, MOST_SYSTEMS);
  return join(folder, 'initrd');
}

/** dracut's image for no machine in particular: what the hook of initramfs-tools brings, and a root whose shell opens. */
function completed(image: string): void {
  changedInitrd(image, image, [openRoot, { runEarly: `echo '${DEVICES_ARE_LOOKED_FOR}' >/dev/console` }]);
  writeFileSync(image, writtenImage(withScriptsForUserMode(readImage(readFileSync(image)))));
}

async function imageOf(template: string, folder: string, suite: string): Promise<void> {
  await imageWithOwnParts(template, folder, join(folder, 'initrd'), suite);
  rmSync(join(folder, 'image-parts.tar'));
}

/** Run number to the checksum of the tree that it left, of all runs in rescue systems so far. */
export function digestsOf(folder: string): ReadonlyMap<number, string> {
  const names = readdirSync(folder).filter((name) => name.startsWith('digest-'));
  return new Map(
    names.map((name) => [
      Number(name.slice('digest-'.length)),
      readFileSync(join(folder, name), 'utf8').trim(),
    ]),
  );
}

export async function liveThrough(machine: BuiltMachine, copies: Copies, event: LifeEvent): Promise<void> {
  const { plan, folder, golden, suite } = machine;
  await inRescue(plan, folder, golden, suite, eventScript(plan, copies, event), describeEvent(event), []);
  if (event.kind === 'ran' && event.image === true) await imageOf(golden.image, folder, suite);
}

async function inRescue(
  plan: MachinePlan,
  folder: string,
  golden: GoldenRoot,
  suite: string,
  script: string,
  title: string,
  input: readonly string[],
): Promise<void> {
  const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  let said = '';
  try {
    const { code, stdout, stderr, files } = await runUnderUml({
      suite,
      memory: '320M',
      timeoutSeconds: 400,
      disks: plan.disks.map(({ name }) => ({ path: diskFile(folder, name), serial: name })),
      kernelArguments: [`ubd${USR_PLACE}r=${golden.usr}`],
      files: {
        life: text('in-uml/life'),
        generator: generatorScript(suite),
        'machine-tree': text('in-uml/machine-tree'),
        common: text('../guest/in-uml/common'),
      },
      input,
      script,
      outFolder: folder,
    });
    said = `${stdout}\n${stderr}`;
    void files;
    if (code !== 0) throw new HarnessFault(`${title}: the rescue system ended with ${code}: ${tail(said)}`);
  } catch (error) {
    if (error instanceof HarnessFault) throw error;
    throw new HarnessFault(`${title}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    writeFileSync(join(folder, 'life.log'), `=== ${title}\n${said}\n`, { flag: 'a' });
  }
}

const tail = (text: string): string => text.trim().split('\n').slice(-12).join('\n');
