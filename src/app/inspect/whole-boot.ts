import type { Generator } from '../../core/image/generator.ts';
import type { Finding } from '../../core/inspect/finding.ts';
import { type BiosDisk, type FirmwareFacts, judgeFirmware } from '../../core/inspect/firmware.ts';
import { judgeImages } from '../../core/inspect/image.ts';
import { judgeKernels } from '../../core/inspect/kernel.ts';
import { judgeLateMembers } from '../../core/inspect/late-members.ts';
import { judgeLoader, type LoaderFacts, type MenuRoot } from '../../core/inspect/loader.ts';
import { judgeNamed, judgeUnlocks } from '../../core/inspect/unlocking.ts';
import { needOf } from '../../core/topology/need.ts';
import { reachFrom } from '../../core/topology/reach.ts';
import { parseSourceSpec } from '../../core/topology/source-spec.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { policiesOfImage } from '../configuration/write-gate-policies.ts';
import type { FactSources } from '../machine.ts';
import { readInstalledGenerator } from '../read/installed-generator.ts';
import { readBoots } from '../report/read-boots.ts';
import type { ResolvedBlock } from '../watchlist/resolve.ts';
import { readFeatures } from './array-features.ts';
import { readFirmware } from './firmware-facts.ts';
import { readImages } from './image-facts.ts';
import { type KnownMachine, type LaterMounts, readLaterMounts } from './later-mounts.ts';
import { readMenuRoot } from './menu-root.ts';

/** What is around the arrays of root: firmware and loader before them, the other mounts after them. */
export interface WholeBoot {
  /** Disks that may matter, besides those of root; kernel names. */
  readonly disks: readonly string[];
  /** Who made the image that boots. */
  readonly generator: Generator;
  /** What the boot meets once these disks are gone. `rootIsUp`: what comes after root is reached. */
  readonly without: (taken: readonly string[], rootIsUp: boolean) => readonly Finding[];
}

/** `current`: the list as it would be made now, with what is known now; `watchlist` is what the boot knows. */
type AskedMachine = KnownMachine & { readonly current?: Watchlist };

/** Reads all that a boot passes besides the arrays of root. Writes nothing. */
export async function readWholeBoot(
  machine: FactSources,
  known: AskedMachine,
  root = '',
): Promise<WholeBoot> {
  const later = await readLaterMounts(machine, known);
  const { generator, faults: ofImages } = await findImageFaults(machine, known, root);
  const { boots } = await readBoots(machine);
  const ofPast = judgeLateMembers(boots, known.watchlist.arrays);
  const loader = loaderFacts(known.block, later, await readMenuRoot(machine, root, known.block));
  const firmware = await readFirmware(machine, later.graph, await readInstalledCore(machine, root, loader));
  const ofBoot = disksBelow(known.block, loader);
  return {
    generator,
    disks: [...later.disks, ...disksOfLoaders(firmware)],
    without: (taken, rootIsUp) => {
      const { isThere, findings } = later.without(taken);
      const started = judgeFirmware(firmware, new Set(taken), ofBoot);
      const loaded = started.start === null ? [] : judgeLoader(started.start, loader, isThere);
      return [...started.findings, ...loaded, ...ofImages, ...ofPast, ...(rootIsUp ? findings : [])];
    },
  };
}

/** Where root needs no array, no image has anything of ours. */
async function findImageFaults(
  machine: FactSources,
  { watchlist, current = watchlist, snapshot, block }: AskedMachine,
  root: string,
): Promise<{ readonly generator: Generator; readonly faults: readonly Finding[] }> {
  if (watchlist.arrays.length === 0)
    return { generator: await readInstalledGenerator(machine.files, root), faults: [] };
  const asNow = root === '' ? { ...current, policies: await policiesOfImage(machine) } : current;
  const images = await readImages(machine, root, asNow);
  const featured = await readFeatures(machine, watchlist.arrays, snapshot);
  const { ids } = reachFrom(
    block.roots.flatMap((one) => one.ids),
    block.graph,
  );
  const unlocks = images.generator.opensByCrypttab
    ? judgeUnlocks(block.facts, ids, block.graph)
    : judgeNamed(block.facts.cmdline, ids, block.graph);
  const faults = [...judgeImages(images), ...unlocks, ...judgeKernels(images.kernels, featured)];
  return { generator: images.generator, faults };
}

const OF_GRUB: ReadonlySet<BiosDisk['code']> = new Set(['grub', 'other-core', 'no-core']);

function disksOfLoaders(firmware: FirmwareFacts): readonly string[] {
  return firmware.kind === 'bios'
    ? firmware.disks.filter(({ code }) => OF_GRUB.has(code)).map(({ device }) => device)
    : firmware.esps
        .filter(({ programs }) => programs === null || programs.size > 0)
        .flatMap(({ disks }) => disks);
}

/** The disks of what the boot mounts, and of /boot. */
function disksBelow({ roots, graph }: ResolvedBlock, { ways }: LoaderFacts): ReadonlySet<string> {
  const ofBoot = (ways ?? []).flatMap(({ disks, arrays }) => [...disks, ...arrays]);
  const { ids } = reachFrom([...roots.flatMap((root) => root.ids), ...ofBoot], graph);
  return new Set([...ids].filter((id) => graph.get(id)?.standsOn.length === 0));
}

/** /boot is a mount of its own where fstab says so, else it is in root. */
function loaderFacts(
  { roots, graph }: ResolvedBlock,
  { demands }: LaterMounts,
  menuRoot: MenuRoot | null,
): LoaderFacts {
  const own = demands.find(({ kind, name }) => kind === 'mount' && name === '/boot');
  if (own !== undefined) {
    const spec = parseSourceSpec(own.source);
    return {
      place: '/boot',
      ways: own.ways,
      fsUuid: spec.kind === 'tag' && spec.tag === 'UUID' ? spec.value : null,
      menuRoot,
    };
  }
  const ids = roots.find(({ name }) => name === '/')?.ids ?? [];
  const [first = ''] = ids;
  const fsUuid = graph.get(first)?.device?.uuid ?? null;
  return { place: '/', ways: ids.length === 0 ? null : [needOf(ids, graph)], fsUuid, menuRoot };
}

const MAX_CORE_BYTES = 1024 * 1024;

/**
 * The core image that grub-install has made last, for BIOS. Only with /boot on arrays alone it is the same for each disk: with /boot on a
 * plain partition the disk with that partition finds it in another way than the others. null where there is none.
 */
async function readInstalledCore(
  { files }: FactSources,
  root: string,
  { ways }: LoaderFacts,
): Promise<Uint8Array | null> {
  if (ways === null || !ways.every(({ disks, arrays }) => disks.size === 0 && arrays.size > 0)) return null;
  const core = await files.readFile(`${root}/boot/grub/i386-pc/core.img`, MAX_CORE_BYTES);
  return core !== null && core.length >= 1024 && core.length < MAX_CORE_BYTES ? core : null;
}
