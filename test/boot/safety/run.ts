// node test/boot/safety/run.ts [--only NAME,NAME] [--jobs N] [--suite trixie] [--dracut [--deb PATH]] [--cover] [--list] [--coverage]
// What becomes of the data: arrays are made under a real kernel, come apart, and are powered on again; contents are compared.
//
// Real: the kernel and its md (user-mode Linux), udev with the distribution's own rules, mdadm 4.2, 4.4 and 4.6 from Debian, the boot
// engine, udev rule and boot scripts as they are built here, run by busybox in the places where the image has them, and the watchlist
// that the real program resolved on the healthy machine. A power-on with a different set of disks is a new kernel on the same files;
// hot-plug is the kernel's own; a power cut is the end of the kernel's process between two instructions.
// With --dracut, all is booted from a real image of dracut, up to the switch of the root; the package installed there is of --deb.
// Not real without that: there is no image file and no switch of the root; test/boot/run.ts boots whole machines. The kernel is one for all releases,
// newer than theirs. The waits are shorter than the defaults.
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { baseImage } from '../guest/base.ts';
import { installHostPrograms } from '../guest/host-command.ts';
import { newestPackage } from '../guest/newest-package.ts';
import { say, seconds } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { userModeLinux } from '../guest/user-mode-linux.ts';
import { goldenSystem } from '../machines/raw-machine.ts';
import { safetyCases } from './cases.ts';
import { coverageOf, coverageTable } from './coverage.ts';
import { disksOf } from './disks-of-case.ts';
import type { DracutImage } from './dracut-image.ts';
import { problemsOf, summaryOf } from './judge.ts';
import { powerOn } from './power-on.ts';
import { mdadmOf, type Release, type SafetyCase } from './safety-case.ts';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    suite: { type: 'string' },
    dracut: { type: 'boolean', default: false },
    deb: { type: 'string' },
    cover: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

interface Run {
  readonly name: string;
  readonly safetyCase: SafetyCase;
  readonly release: Release;
}

const casesThere = options.dracut
  ? safetyCases.map(({ expect, onDracut, ...rest }) => ({ ...rest, expect: { ...expect, ...onDracut } }))
  : safetyCases;
/** `--cover`: each case on one of its releases, in turn, without those that are much like others. */
const all = casesThere.flatMap((safetyCase: SafetyCase, index) =>
  releasesOf(safetyCase, index).map(
    (release): Run => ({ name: `${safetyCase.name}-${mdadmOf[release]}`, safetyCase, release }),
  ),
);
const chosen = all.filter(
  ({ name, safetyCase, release }) =>
    // an image of dracut that has nothing of ours assembles nothing
    (!options.dracut || safetyCase.powerOn.stock !== true) &&
    (options.suite === undefined || release === options.suite) &&
    (options.only === undefined ||
      options.only.split(',').some((word) => name === word || safetyCase.name.startsWith(word))),
);
if (options.list) {
  for (const { name, safetyCase } of chosen)
    process.stdout.write(`${name.padEnd(34)} ${safetyCase.proves.padEnd(12)} ${safetyCase.title}\n`);
  process.exit(0);
}

if (options.coverage) {
  process.stdout.write(coverageTable(coverageOf(safetyCases)));
  process.exit(0);
}

const kept = fileURLToPath(new URL('../.out/safety', import.meta.url));
const scratch = scratchFolder('safety');
mkdirSync(kept, { recursive: true });
await installHostPrograms(say);
await userModeLinux();
const releases = [...new Set(chosen.map((run) => run.release))];
for (const release of releases) await baseImage(release);
const dracutImages = new Map<Release, DracutImage>();
if (options.dracut) for (const release of releases) dracutImages.set(release, await dracutImage(release));

const begun = performance.now();
const AHEAD = 2;
let passed = 0;
let preparing: Promise<unknown> = Promise.resolve();
const queue = [...chosen];
const worker = async () => {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    prepareAhead(queue[AHEAD]);
    if (await judged(next)) passed += 1;
  }
};
await Promise.all(Array.from({ length: Math.max(1, Number(options.jobs) || 1) }, worker));
process.stdout.write(`${chosen.length} runs in ${seconds(performance.now() - begun)}
${passed} passed, ${chosen.length - passed} failed\n`);
process.exitCode = passed === chosen.length && passed > 0 ? 0 : 1;

async function dracutImage(release: Release): Promise<DracutImage> {
  const suite = `${release}-dracut`;
  const deb = options.deb === undefined ? newestPackage() : resolve(options.deb);
  if (deb === undefined) throw new Error('there is no package to install: npm run package, or --deb PATH');
  return { suite, template: (await goldenSystem(suite, deb)).image };
}

/** A power-on mostly waits: the disks of one that comes later are prepared meanwhile, one after the other. */
function prepareAhead(later: Run | undefined): void {
  if (later === undefined) return;
  const { safetyCase, release } = later;
  // who needs the disks is told why there are none
  preparing = preparing.then(() => disksOf(safetyCase, release, scratch)).catch(() => undefined);
}

function releasesOf({ on, alike }: SafetyCase, index: number): readonly Release[] {
  if (!options.cover) return on;
  return alike === true ? [] : on.slice(index % on.length).slice(0, 1);
}

async function judged({ name, safetyCase, release }: Run): Promise<boolean> {
  const started = performance.now();
  const folder = join(kept, name);
  let problems: readonly string[];
  let mdadm = '?';
  let summary = '';
  try {
    const attempts = safetyCase.powerOn.attempts ?? 1;
    problems = ['not tried'];
    for (let attempt = 1; attempt <= attempts && problems.length > 0; attempt += 1) {
      const seen = await powerOn(safetyCase, release, scratch, folder, dracutImages.get(release) ?? null);
      mdadm = seen.mdadm;
      summary = summaryOf(seen);
      problems = problemsOf(safetyCase, seen);
    }
  } catch (error) {
    problems = [`harness: ${error instanceof Error ? error.message : String(error)}`];
  }
  const good = problems.length === 0;
  rmSync(join(folder, 'disks'), { recursive: true, force: true });
  if (good) rmSync(folder, { recursive: true, force: true });
  const time = seconds(performance.now() - started).padStart(7);
  process.stdout.write(
    [
      `${good ? 'ok    ' : 'FAILED'} ${name.padEnd(34)} mdadm ${mdadm} ${time}  ${safetyCase.title}`,
      ...(good && !options.verbose && safetyCase.powerOn.stock !== true ? [] : [`       seen: ${summary}`]),
      ...problems.map((problem) => `       ${problem}`),
      ...(good ? [] : [`       logs: test/boot/.out/safety/${name}`]),
    ]
      .map((line) => `${line}\n`)
      .join(''),
  );
  return good;
}
