import type { Command } from 'commander';
import { policiesOfImage } from '../../app/configuration/write-gate-policies.ts';
import { ofCrypttab } from '../../app/image/of-crypttab.ts';
import { findRefusedArrays } from '../../app/image/refused-arrays.ts';
import { writeImage } from '../../app/image/write-image.ts';
import type { Machine } from '../../app/machine.ts';
import { keepWatchlist } from '../../app/watchlist/keep-watchlist.ts';
import { type Resolution, resolve } from '../../app/watchlist/resolve.ts';
import { messageOf } from '../../app/why-it-failed.ts';
import { GENERATORS, type Generator } from '../../core/image/generator.ts';
import { imageWatchlist } from '../../core/image/image-watchlist.ts';
import { kernelText } from '../../core/render/commands/kernel-text.ts';
import { renderDot } from '../../core/render/tree/dot.ts';
import { renderSvg } from '../../core/render/tree/svg.ts';
import { renderTree } from '../../core/render/tree/tree.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../core/watchlist/watchlist-file.ts';
import type { OutputFile } from '../../ports/output-file.ts';
import { RESOLVE } from '../command-table.ts';
import { register } from './register.ts';
import { showImage } from './show-image.ts';
import { usageError } from './usage-error.ts';

interface ResolveOptions {
  readonly json: boolean;
  readonly dot: boolean;
  readonly svg: boolean;
  readonly output?: string;
  readonly root: string;
  readonly fstab?: string;
  readonly resume?: string;
  readonly image?: string;
  readonly generator: string;
}

/** Warnings quote fstab, labels and what programs said: what nobody has escaped yet is escaped here. */
const say = (line: string): void => {
  process.stderr.write(
    `reliable-raid: ${line.replace(/[^\x20-\x7e]/gu, (char) => escapeForConsole(char))}\n`,
  );
};

export function addResolveCommand(
  program: Command,
  machine: () => Machine,
  outputFile: OutputFile,
  exit: (status: number) => void,
): void {
  register(program, RESOLVE).action(async (options: ResolveOptions) => {
    checkOptions(options);
    const generator = generatorNamed(options.generator);
    const { root, fstab = null, resume = null, image } = options;
    const host = machine();
    // A boot image's hook knows what the image will resume from.
    const guessResume = image === undefined && fstab === null;
    const resolution = await resolve(host, { root, fstab, resume, guessResume });
    for (const warning of resolution.warnings) say(`warning: ${warning}`);
    if (image !== undefined) {
      const { strict } = resolution.configuration.options;
      const policies = root === '/' ? await policiesOfImage(host) : '';
      const own = await ofCrypttab(host, image, resolution, generator);
      exit(showImage(await writeImage(host, image, own, generator, policies), image, strict, say));
      if (root !== '/') return;
      await keep(host, own, generator, policies);
      await warnOfKernel(host, image, own);
    } else exit(await show(outputFile, options, resolution));
  });
}

async function keep(
  host: Machine,
  { watchlist }: Resolution,
  generator: Generator,
  policies: string,
): Promise<void> {
  if (!watchlist.ok) return;
  const fault = await keepWatchlist(host, imageWatchlist(watchlist.value, generator, policies));
  if (fault !== null) say(`warning: ${fault}`);
}

/** Known in time: the image of an older kernel may lie unused until the day on which that kernel is needed. */
async function warnOfKernel(host: Machine, image: string, { watchlist }: Resolution): Promise<void> {
  if (!watchlist.ok) return;
  for (const finding of await findRefusedArrays(host, image, watchlist.value.arrays))
    say(`warning: ${kernelText(finding).text}`);
}

function checkOptions({ json, dot, svg, image, output, root }: ResolveOptions): void {
  const forms = [json && '--json', dot && '--dot', svg && '--svg', image !== undefined && '--image'].filter(
    Boolean,
  );
  if (forms.length > 1) usageError(`${forms.join(' and ')} cannot be used together`);
  if (image !== undefined && output !== undefined) usageError('--image and --output cannot be used together');
  if (!root.startsWith('/')) usageError(`--root ${root}: expected a path that begins with /`);
}

function generatorNamed(text: string): Generator {
  const found = GENERATORS.find(({ name }) => name === text);
  const names = GENERATORS.map(({ name }) => name).join(' or ');
  return found ?? usageError(`--generator ${text}: expected ${names}`);
}

async function show(
  outputFile: OutputFile,
  options: ResolveOptions,
  { watchlist }: Resolution,
): Promise<number> {
  if (!watchlist.ok) {
    say(`error: ${watchlist.at}: ${watchlist.why}`);
    return 1;
  }
  const text = render(options, watchlist.value);
  if (options.output === undefined) {
    process.stdout.write(text);
    return 0;
  }
  try {
    await outputFile.write(options.output, text);
    return 0;
  } catch (error) {
    say(`error: ${options.output}: could not be written: ${messageOf(error)}`);
    return 1;
  }
}

function render({ json, dot, svg }: ResolveOptions, watchlist: Watchlist): string {
  if (json) return formatWatchlist(watchlist);
  if (dot) return renderDot(watchlist.tree);
  return svg ? renderSvg(watchlist.tree) : renderTree(watchlist);
}
