import { GENERATORS, type Generator } from '../../core/image/generator.ts';
import { generatorOfImage } from '../../core/image/which-generator.ts';
import { type ImageFacts, type KernelImage, moduleName, modulesOfLevels } from '../../core/inspect/image.ts';
import { listChanges } from '../../core/inspect/list-changes.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { readBootKernels } from '../image/boot-kernels.ts';
import { hasRecord } from '../ledger/efi-variable.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { readInstalledGenerator } from '../read/installed-generator.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { listingOf } from './kept-listings.ts';

const MAX_LISTING_BYTES = 16 * 1024 * 1024;
/** lsinitrd unpacks an image several times over. */
const LISTING_MS = 60_000;
const WIDTH = 2;

/** Reads which kernels are installed below a root, and what their images hold. `root` ends without a slash. */
export async function readImages(
  machine: FactSources,
  root: string,
  watchlist: Watchlist,
): Promise<ImageFacts> {
  const { files, paths } = machine;
  const found = await readBootKernels(files, root);
  const installed = await readInstalledGenerator(files, root);
  const kernels = await mapInBatches(found, WIDTH, async ({ image, ...kernel }): Promise<KernelImage> => {
    const builtIn = await files.readText(`${root}/lib/modules/${kernel.version}/modules.builtin`);
    const paths = image === null ? null : await readListing(machine, `${root}/boot/${image}`, installed);
    return {
      ...{ ...kernel, image, paths },
      generator: (paths === null ? null : generatorOfImage(paths)) ?? installed,
      builtIn: new Set((builtIn ?? '').split('\n').flatMap((path) => moduleName(`/${path}`) ?? [])),
    };
  });
  const isRecorded = await hasRecord(machine);
  const kept = await loadWatchlist(files, keptWatchlistPath(ledgerPlaces(paths)));
  return {
    kernels,
    generator: kernels.find(({ isDefault }) => isDefault)?.generator ?? installed,
    changes: kept.ok ? listChanges(kept.value, watchlist, isRecorded) : null,
    modules: modulesOfLevels(watchlist.arrays.map(({ level }) => level)),
  };
}

async function readListing(
  machine: FactSources,
  path: string,
  installed: Generator,
): Promise<ReadonlySet<string> | null> {
  const listed = await listingOf(machine, path, () => listImage(machine, path, installed));
  return listed === null ? null : new Set(listed);
}

/** null where it cannot be listed. The machine may have built it before it got another generator. */
async function listImage(
  { runner }: FactSources,
  path: string,
  installed: Generator,
): Promise<readonly string[] | null> {
  const options = { timeoutMs: LISTING_MS, maxOutputBytes: MAX_LISTING_BYTES };
  for (const { lister } of [installed, ...GENERATORS.filter((one) => one !== installed)]) {
    const { status, stdout } = await runner.run([lister.program, path], options);
    if (status === 0) return lister.paths(stdout);
  }
  return null;
}
