import { formerName } from '../../core/inspect/image-update.ts';
import type { FactSources } from '../machine.ts';
import { whyItFailed } from '../why-it-failed.ts';

/** An image of a large machine, at low priority beside whatever else it does. */
const BUILD_MS = 20 * 60_000;
const COPY_MS = 5 * 60_000;

/** What builds the image of one kernel; null where no generator is known here. */
export async function buildCommand(
  { files }: Pick<FactSources, 'files'>,
  kernel: string,
  image: string,
): Promise<readonly [string, ...string[]] | null> {
  // dracut's package may have an update-initramfs too; mkinitramfs is of the other generator alone.
  if (await files.exists('/usr/sbin/mkinitramfs')) return ['update-initramfs', '-u', '-k', kernel];
  if (await files.exists('/usr/bin/dracut')) return ['dracut', '--force', `/boot/${image}`, kernel];
  return null;
}

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
  command: readonly [string, ...string[]],
  image: string,
): Promise<string | null> {
  const failed = await tryRun(machine, command, BUILD_MS);
  if (failed !== null) return failed;
  const lister = command[0] === 'dracut' ? 'lsinitrd' : 'lsinitramfs';
  const unlisted = await tryRun(machine, [lister, `/boot/${image}`], COPY_MS);
  return unlisted ?? (await tryRun(machine, ['sync', '--', `/boot/${image}`], COPY_MS));
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
