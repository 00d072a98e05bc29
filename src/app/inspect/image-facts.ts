import { type ImageFacts, type KernelImage, moduleName, modulesOfLevels } from '../../core/inspect/image.ts';
import { listChanges } from '../../core/inspect/list-changes.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { readBootKernels } from '../image/boot-kernels.ts';
import { readVariable } from '../ledger/efi-variable.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';

const MAX_LISTING_BYTES = 16 * 1024 * 1024;
const LISTING_MS = 10_000;
const WIDTH = 2;

/** Reads which kernels are installed below a root, and what their images hold. `root` ends without a slash. */
export async function readImages(
  machine: FactSources,
  root: string,
  watchlist: Watchlist,
): Promise<ImageFacts> {
  const { files, paths } = machine;
  const found = await readBootKernels(files, root);
  const kernels = await mapInBatches(found, WIDTH, async ({ image, ...kernel }): Promise<KernelImage> => {
    const builtIn = await files.readText(`${root}/lib/modules/${kernel.version}/modules.builtin`);
    return {
      ...{ ...kernel, image },
      paths: image === null ? null : await listImage(machine, `${root}/boot/${image}`),
      builtIn: new Set((builtIn ?? '').split('\n').flatMap((path) => moduleName(`/${path}`) ?? [])),
    };
  });
  const hasRecord = (await readVariable(machine)).kind !== 'none';
  const kept = await loadWatchlist(files, keptWatchlistPath(ledgerPlaces(paths)));
  return {
    kernels,
    changes: kept.ok ? listChanges(kept.value, watchlist, hasRecord) : null,
    modules: modulesOfLevels(watchlist.arrays.map(({ level }) => level)),
  };
}

/** null where it cannot be listed. */
async function listImage({ runner }: FactSources, path: string): Promise<ReadonlySet<string> | null> {
  const options = { timeoutMs: LISTING_MS, maxOutputBytes: MAX_LISTING_BYTES };
  const { status, stdout } = await runner.run(['lsinitramfs', path], options);
  return status === 0 ? new Set(stdout.split('\n').map((line) => line.replace(/^\.?\//, ''))) : null;
}
