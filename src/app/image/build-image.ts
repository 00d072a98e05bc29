import type { Generator } from '../../core/image/generator.ts';
import { formerName } from '../../core/inspect/image-update.ts';
import type { FactSources } from '../machine.ts';
import { whyItFailed } from '../why-it-failed.ts';

/** An image of a large machine, at low priority beside whatever else it does. */
const BUILD_MS = 20 * 60_000;
const COPY_MS = 5 * 60_000;

/** A copy, since a generator may write into the file that is there; whole or not at all. Why it failed, or null. */
export async function copyImage(machine: FactSources, from: string, to: string): Promise<string | null> {
  const begun = `/boot/${to}.new`;
  const failed =
    (await tryRun(machine, ['cp', '-p', '--', `/boot/${from}`, begun], COPY_MS)) ??
    (await tryRun(machine, ['sync', '--', begun], COPY_MS)) ??
    (await tryRun(machine, ['mv', '-f', '--', begun, `/boot/${to}`], COPY_MS));
  if (failed !== null) await machine.files.remove(begun).catch(() => undefined);
  return failed;
}

/** Builds it and looks whether it can be listed: a full disk or a broken hook may leave half of one. Why it failed, or null. */
export async function buildImage(
  machine: FactSources,
  generator: Pick<Generator, 'build' | 'lister'>,
  kernel: string,
  image: string,
): Promise<string | null> {
  const path = `/boot/${image}`;
  const failed = await tryRun(machine, generator.build(kernel, path), BUILD_MS);
  if (failed !== null) return failed;
  const unlisted = await tryRun(machine, [generator.lister.program, path], COPY_MS);
  return unlisted ?? (await tryRun(machine, ['sync', '--', path], COPY_MS));
}

/** The former image comes back into its place. Why it failed, or null. */
export const restoreImage = (machine: FactSources, image: string): Promise<string | null> =>
  copyImage(machine, formerName(image), image);

async function tryRun(
  { runner }: FactSources,
  argv: readonly [string, ...string[]],
  timeoutMs: number,
): Promise<string | null> {
  const run = await runner.run(argv, { timeoutMs });
  return run.status === 0 ? null : `${argv[0]} ${whyItFailed(run)}`;
}
