import { byNewest } from '../../core/inspect/installed-kernel.ts';
import { judgeKernels, type KernelFinding } from '../../core/inspect/kernel.ts';
import type { WatchedArray } from '../../core/watchlist/watchlist.ts';
import { readFeatures } from '../inspect/array-features.ts';
import type { FactSources } from '../machine.ts';
import { DeviceObserver } from '../read/device-observer.ts';

/**
 * What the kernel of a boot image will refuse to start, told while the image is built. `folder`: of the image's tree; its modules say which kernel
 * it is for, and one without modules tells nothing.
 */
export async function findRefusedArrays(
  machine: FactSources,
  folder: string,
  arrays: readonly WatchedArray[],
): Promise<readonly KernelFinding[]> {
  if (arrays.length === 0) return [];
  const { files, paths } = machine;
  const versions = new Set<string>();
  for (const modules of ['lib/modules', 'usr/lib/modules'])
    for (const version of await files.list(`${folder}/${modules}`)) versions.add(version);
  if (versions.size === 0) return [];
  const featured = await readFeatures(machine, arrays, await new DeviceObserver(files, paths).rescanAll());
  const kernels = [...versions].sort(byNewest).map((version) => ({ version, isDefault: true }));
  return judgeKernels(kernels, featured);
}
