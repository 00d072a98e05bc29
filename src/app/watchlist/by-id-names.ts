import type { ByIdNames } from '../../core/topology/disk-identity.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';

/** Every name under /dev/disk/by-id, by the kernel name that it leads to. */
export async function readByIdNames({ files, paths }: FactSources): Promise<ByIdNames> {
  const folder = `${paths.dev}/disk/by-id`;
  const names = await files.list(folder);
  const targets = await mapInBatches(
    names,
    32,
    async (name) => [name, await files.readLink(`${folder}/${name}`)] as const,
  );
  const byDevice = new Map<string, string[]>();
  for (const [name, target] of targets) {
    // `../../sda`, `../../cciss/c0d0`
    const device = target
      ?.replace(/^(\.\.\/)+/, '')
      .replace(/^\/dev\//, '')
      .replaceAll('/', '!');
    if (device === undefined || device === '') continue;
    const known = byDevice.get(device);
    if (known) known.push(name);
    else byDevice.set(device, [name]);
  }
  return byDevice;
}
