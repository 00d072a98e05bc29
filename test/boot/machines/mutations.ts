// node test/boot/machines/mutations.ts [--only NAME,NAME] [--seeds 12] [--seed 1] [--suite trixie] [--deb PATH] [--list]
// How much the random machines see: the boot engine with one fault built in, on the machines of a row of seeds until one of them shows it.
// `explain` stays as it is, so that what it foretells is what the engine should do.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { readImage, writtenImage } from '../guest/boot-image.ts';
import { installHostPrograms, mustRun } from '../guest/host-command.ts';
import { newestPackage } from '../guest/newest-package.ts';
import { say } from '../guest/progress.ts';
import { HarnessFault } from '../scenario/harness-fault.ts';
import { generateMachine } from './generate.ts';
import { liveMachine } from './live-machine.ts';
import { type Mutation, mutations } from './mutation-list.ts';
import { type GoldenSystem, goldenSystem } from './raw-machine.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    seeds: { type: 'string', default: '12' },
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
const seeds = Array.from({ length: Number(options.seeds) }, (_, index) => Number(options.seed) + index);
let found = 0;
for (const mutation of chosen) if (await isFound(mutation)) found += 1;
process.stdout.write(`${found} found, ${chosen.length - found} not found\n`);

async function isFound(mutation: Mutation): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-mutation-'));
  try {
    const golden = await withEngine(sound, await engineWith(mutation, join(folder, 'source')), folder);
    for (const seed of [...(mutation.seeds ?? []), ...seeds]) {
      const why = await violationOn(seed, join(folder, 'machine'), golden);
      if (why === null) continue;
      process.stdout.write(`found      ${mutation.name.padEnd(24)} seed ${seed}: ${why}\n`);
      return true;
    }
    process.stdout.write(`NOT FOUND  ${mutation.name.padEnd(24)} ${mutation.what}\n`);
    return false;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function violationOn(seed: number, folder: string, golden: GoldenSystem): Promise<string | null> {
  try {
    const { violations } = await liveMachine(generateMachine(seed), folder, { golden, suite: options.suite });
    const [first] = violations;
    return first === undefined ? null : `${first.rule}: ${first.text}`;
  } catch (error) {
    // says nothing about the engine
    if (error instanceof HarnessFault) return null;
    throw error;
  }
}

/** The engine, built from a copy of the source with that one change. */
async function engineWith({ file, from, to, name }: Mutation, work: string): Promise<string> {
  for (const part of ['src', 'tools', 'package.json', 'tsconfig.json'])
    cpSync(join(project, part), join(work, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(work, 'node_modules'));
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
  const content = readFileSync(engine);
  const image = readImage(readFileSync(golden.image)).map((entry) =>
    entry.name === 'usr/bin/reliable-raid' ? { ...entry, content } : entry,
  );
  writeFileSync(join(folder, 'initrd'), writtenImage(image));
  return { ...golden, usr, image: join(folder, 'initrd') };
}
