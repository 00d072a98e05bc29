import { type MdUuid, parseMdUuid } from '../../core/md/md-uuid.ts';
import type { Machine } from '../machine.ts';
import { readSetUuid } from '../read/sysfs-array.ts';
import { readUdevRecord } from '../read/udev-record.ts';
import type { DeviceLinks, KnownArray } from './array-sections.ts';
import type { ArraySection } from './read-configuration.ts';

type Sources = Pick<Machine, 'files' | 'paths'>;

/** Every md array of this machine as sysfs and udev know it. No superblock is read: any user may ask. */
export async function readKnownArrays({ files, paths }: Sources): Promise<readonly KnownArray[]> {
  const names = await files.list(`${paths.sys}/class/block`);
  const arrays: KnownArray[] = [];
  for (const device of names.filter((name) => name.startsWith('md'))) {
    if ((await files.readText(`${paths.sys}/class/block/${device}/md/array_state`)) === null) continue;
    const record = await readUdevRecord(files, paths, device);
    const byUdev = parseMdUuid(record?.get('MD_UUID') ?? '');
    const uuid: MdUuid | null = byUdev.ok ? byUdev.value : await readSetUuid(files, paths, device);
    arrays.push({
      device,
      uuid,
      name: record?.get('MD_NAME') ?? null,
      devName: record?.get('MD_DEVNAME') ?? null,
    });
  }
  return arrays;
}

/** Where the paths lead that sections are called by. */
export async function readSectionLinks(
  { files, paths }: Sources,
  sections: readonly ArraySection[],
): Promise<DeviceLinks> {
  const links = new Map<string, string>();
  for (const key of sections
    .map((section) => section.key.trim())
    .filter((text) => text.startsWith('/dev/'))) {
    const real = await files.realPath(`${paths.dev}${key.slice('/dev'.length)}`);
    if (real?.startsWith(`${paths.dev}/`)) links.set(key, real.slice(paths.dev.length + 1));
  }
  return links;
}
