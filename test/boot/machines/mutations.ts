// node test/boot/machines/mutations.ts [--only NAME,NAME] [--seeds 0] [--seed 1] [--suite trixie] [--deb PATH] [--list]
// How much the random machines see: the boot engine with one fault built in, in the last boot of a machine that has been sound so
// far, one machine after the other until one of them shows it.
// `explain` stays as it is, so that what it foretells is what the engine should do.
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readImage, writtenImage } from '../guest/boot-image.ts';
import { installHostPrograms, mustRun } from '../guest/host-command.ts';
import { newestPackage } from '../guest/newest-package.ts';
import { say } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { HarnessFault } from '../scenario/harness-fault.ts';
import { generateMachine } from './generate.ts';
import { bootLast, bootUntilLast, Disturbed, liveUntilBoot, type ReadyMachine } from './live-machine.ts';
import { type Mutation, mutations } from './mutation-list.ts';
import { copyOf, type GoldenSystem, goldenSystem } from './raw-machine.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    seeds: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    suite: { type: 'string', default: 'trixie' },
    deb: { type: 'string' },
    list: { type: 'boolean', default: false },
  },
});

const chosen = mutations.filter(({ name }) => options.only?.split(',').includes(name) ?? true);
if (options.list) {
  for (const { name, what } of chosen) process.stdout.write(`${name.padEnd(24)} ${what}\n`);
  process.exit(0);
}
await installHostPrograms(say);
const deb = options.deb === undefined ? newestPackage() : resolve(options.deb);
if (deb === undefined) throw new Error('there is no package to install: npm run package, or --deb PATH');
const sound = await goldenSystem(options.suite, deb);
const scratch = scratchFolder('mutations');
const seeds = Array.from({ length: Number(options.seeds) }, (_, index) => Number(options.seed) + index);
/** By seed: a machine before its last boot, which the sound engine passes; null where it does not. */
const ready = new Map<number, ReadyMachine | null>();
let found = 0;
for (const mutation of chosen) if (await isFound(mutation)) found += 1;
process.stdout.write(`${found} found, ${chosen.length - found} not found\n`);
process.exitCode = found === chosen.length ? 0 : 1;

async function isFound(mutation: Mutation): Promise<boolean> {
  const folder = join(scratch, mutation.name);
  mkdirSync(folder);
  const engine = await engineWith(mutation, join(folder, 'source'));
  const golden = await withEngine(sound, engine, folder);
  const tried = [...new Set([...mutation.seeds, ...seeds])];
  let why: string | null = null;
  for (const seed of tried) {
    why = await violationOn(seed, join(folder, 'machine'), golden, engine);
    if (why !== null) {
      process.stdout.write(`found      ${mutation.name.padEnd(24)} seed ${seed}: ${why}\n`);
      break;
    }
  }
  if (why === null)
    process.stdout.write(
      `NOT FOUND  ${mutation.name.padEnd(24)} ${mutation.what}; seeds ${tried.join(' ')}\n`,
    );
  rmSync(folder, { recursive: true, force: true });
  return why !== null;
}

/** The last boot of a machine that has been sound so far. */
async function violationOn(
  seed: number,
  folder: string,
  golden: GoldenSystem,
  engine: string,
  earlier: Disturbed | null = null,
): Promise<string | null> {
  try {
    const before = await readyMachine(seed);
    if (before === null) return null;
    const machine = await copyOf(before.machine, folder, golden);
    await replaceEngine(machine.initrd, engine, machine.initrd);
    const [first] = (await bootLast({ ...before, machine })).violations;
    return first === undefined ? null : `${first.rule}: ${first.text}`;
  } catch (error) {
    // says nothing about the engine
    if (error instanceof Disturbed && earlier !== null && error.isAs(earlier))
      return `${error.message} (seen twice)`;
    if (error instanceof Disturbed && earlier === null)
      return violationOn(seed, folder, golden, engine, error);
    if (error instanceof HarnessFault) process.stdout.write(`           seed ${seed}: ${error.message}\n`);
    if (error instanceof HarnessFault) return null;
    throw error;
  }
}

async function readyMachine(seed: number): Promise<ReadyMachine | null> {
  const known = ready.get(seed);
  if (known !== undefined) return known;
  const laboratory = { golden: sound, suite: options.suite };
  // an engine that comes late on a busy host is still there before the wait is over
  const plan = { ...generateMachine(seed), waitS: 10 };
  const lived = await liveUntilBoot(plan, join(scratch, `machine-${seed}`), laboratory);
  const before = await bootUntilLast(lived);
  const isSound = before !== null && (await isSoundAtLast(before));
  if (!isSound)
    process.stdout.write(`           seed ${seed} says nothing: the sound engine does not pass\n`);
  ready.set(seed, isSound ? before : null);
  return isSound ? before : null;
}

async function isSoundAtLast(before: ReadyMachine): Promise<boolean> {
  const machine = await copyOf(before.machine, join(scratch, 'sound'), sound);
  const { violations } = await bootLast({ ...before, machine });
  for (const { rule, text } of violations) process.stdout.write(`           sound: ${rule}: ${text}\n`);
  return violations.length === 0;
}

/** The engine, built from a copy of the source with that one change. */
async function engineWith({ file, from, to, name }: Mutation, work: string): Promise<string> {
  for (const part of ['src', 'tools', 'package.json', 'tsconfig.json'])
    cpSync(join(project, part), join(work, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(work, 'node_modules'));
  // the JavaScript engine below it is the same for all, and takes a minute to compile
  mkdirSync(join(work, 'dist/.cache'), { recursive: true });
  symlinkSync(join(project, 'dist/.cache/quickjs'), join(work, 'dist/.cache/quickjs'));
  const path = join(work, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${name}: ${file} does not hold its text once: ${from}`);
  writeFileSync(
    path,
    text.replace(from, () => to),
  );
  const engine = join(work, 'engine');
  const build = `import { buildBootEngine } from '${join(work, 'tools/build/build-boot-engine.ts')}';
import { hostArch } from '${join(work, 'tools/build/arch.ts')}';
await buildBootEngine(hostArch(), undefined, ${JSON.stringify(engine)});`;
  writeFileSync(join(work, 'build-engine.ts'), build);
  await mustRun([process.execPath, join(work, 'build-engine.ts')]);
  return engine;
}

/** The installed system and its image with another engine in its places. */
async function withEngine(golden: GoldenSystem, engine: string, folder: string): Promise<GoldenSystem> {
  const usr = join(folder, 'usr.ext4');
  const place = '/lib/reliable-raid/boot-engine';
  await mustRun(['cp', '--sparse=always', golden.usr, usr]);
  for (const request of [`rm ${place}`, `write ${engine} ${place}`, `set_inode_field ${place} mode 0100755`])
    await mustRun(['debugfs', '-w', '-R', request, usr]);
  return { ...golden, usr };
}

async function replaceEngine(image: string, engine: string, into: string): Promise<void> {
  const content = readFileSync(engine);
  const entries = readImage(readFileSync(image)).map((entry) =>
    entry.name === 'usr/bin/reliable-raid' ? { ...entry, content } : entry,
  );
  writeFileSync(into, writtenImage(entries));
}
