import { GENERATORS, type Generator } from '../../core/image/generator.ts';
import { generatorOfImage } from '../../core/image/which-generator.ts';
import { type ImageFacts, type KernelImage, moduleName, modulesOfLevels } from '../../core/inspect/image.ts';
import { byNewest } from '../../core/inspect/installed-kernel.ts';
import { sameArrays } from '../../core/inspect/same-arrays.ts';
import { parseGrubMenu } from '../../core/parse/grub-menu.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { readInstalledGenerator } from '../read/installed-generator.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';

const MAX_MENU_BYTES = 1024 * 1024;
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
  const names = await files.list(`${root}/boot`);
  const versions = names.flatMap((name) => /^vmlinu[xz]-(.+)$/.exec(name)?.[1] ?? []).sort(byNewest);
  const menu = parseGrubMenu((await files.readText(`${root}/boot/grub/grub.cfg`, MAX_MENU_BYTES)) ?? '');
  const first = menu
    .map(({ kernel }) => kernel.replace(/^vmlinu[xz]-/, ''))
    .find((one) => versions.includes(one));
  const byDefault = first ?? versions[0];
  const installed = await readInstalledGenerator(files, root);
  const kernels = await mapInBatches(versions, WIDTH, async (version): Promise<KernelImage> => {
    const image = imageNames(version).find((name) => names.includes(name)) ?? null;
    const builtIn = await files.readText(`${root}/lib/modules/${version}/modules.builtin`);
    const paths = image === null ? null : await listImage(machine, `${root}/boot/${image}`, installed);
    return {
      ...{ version, image, isDefault: version === byDefault, paths },
      generator: (paths === null ? null : generatorOfImage(paths)) ?? installed,
      builtIn: new Set((builtIn ?? '').split('\n').flatMap((path) => moduleName(`/${path}`) ?? [])),
    };
  });
  const kept = await loadWatchlist(files, keptWatchlistPath(ledgerPlaces(paths)));
  return {
    kernels,
    generator: kernels.find(({ isDefault }) => isDefault)?.generator ?? installed,
    isListCurrent: kept.ok ? sameArrays(kept.value, watchlist) : null,
    modules: modulesOfLevels(watchlist.arrays.map(({ level }) => level)),
  };
}

/** As Debian, Fedora and SUSE call an image. */
const imageNames = (version: string): readonly string[] => [
  `initrd.img-${version}`,
  `initramfs-${version}.img`,
  `initrd-${version}`,
];

/** null where it cannot be listed. The machine may have built it before it got another generator. */
async function listImage(
  { runner }: FactSources,
  path: string,
  installed: Generator,
): Promise<ReadonlySet<string> | null> {
  const options = { timeoutMs: LISTING_MS, maxOutputBytes: MAX_LISTING_BYTES };
  for (const { lister } of [installed, ...GENERATORS.filter((one) => one !== installed)]) {
    const { status, stdout } = await runner.run([lister.program, path], options);
    if (status === 0) return new Set(lister.paths(stdout));
  }
  return null;
}
