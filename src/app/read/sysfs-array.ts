import { isExternalMetadata, parseArrayState } from '../../core/md/array-state.ts';
import { type MdUuid, parseMdUuid } from '../../core/md/md-uuid.ts';
import type { PresentArray } from '../../core/snapshot/snapshot.ts';
import type { Files } from '../../ports/files.ts';
import type { MachinePaths } from '../machine.ts';

/** What one array's folder in sysfs says, before its members are known. */
export interface SysfsArray extends PresentArray {
  /** Only where it is a 1.x array's and set: inactive arrays say zero, and 0.90 has another byte order there. */
  readonly uuid: MdUuid | null;
  /** Kernel names of the devices it holds, and whether it has failed them. */
  readonly bound: ReadonlyMap<string, { readonly faulty: boolean }>;
}

type Sys = Pick<MachinePaths, 'sys'>;

const NO_UUID = /^[0:]+$/;

/** The kernel's description: Documentation/admin-guide/md.rst. */
const mdFolder = ({ sys }: Sys, array: string): string => `${sys}/class/block/${array}/md`;

/** Null when there is no such array (any more). */
export async function readArray(files: Files, paths: Sys, device: string): Promise<SysfsArray | null> {
  const md = mdFolder(paths, device);
  const stateText = await files.readText(`${md}/array_state`);
  if (stateText === null) return null;
  const [version, uuidText, degradedText, entries] = await Promise.all([
    files.readText(`${md}/metadata_version`),
    files.readText(`${md}/uuid`),
    files.readText(`${md}/degraded`),
    files.list(md),
  ]);
  const bound = new Map<string, { faulty: boolean }>();
  const deadMembers: string[] = [];
  for (const entry of entries) {
    if (!entry.startsWith('dev-')) continue;
    const name = entry.slice('dev-'.length);
    const words = await readMemberState(files, paths, device, name);
    // Let go of while we looked.
    if (words === null) continue;
    if (await isHeldBy(files, `${paths.sys}/class/block/${name}`, device))
      bound.set(name, { faulty: words.includes('faulty') });
    else deadMembers.push(name);
  }
  const degraded = Number.parseInt(degradedText ?? '', 10);
  return {
    device,
    state: parseArrayState(stateText),
    external: isExternalMetadata(version?.trim() ?? ''),
    uuid: setUuid(uuidText, version),
    degraded: Number.isNaN(degraded) ? null : degraded,
    bound,
    deadMembers,
  };
}

/** As `uuid` of the whole array, and cheaper. */
export async function readSetUuid(files: Files, paths: Sys, array: string): Promise<MdUuid | null> {
  const md = mdFolder(paths, array);
  const text = await files.readText(`${md}/uuid`);
  return text === null ? null : setUuid(text, await files.readText(`${md}/metadata_version`));
}

function setUuid(text: string | null, version: string | null): MdUuid | null {
  const uuid = text !== null && version?.startsWith('1.') ? parseMdUuid(text) : null;
  return uuid?.ok && !NO_UUID.test(uuid.value) ? uuid.value : null;
}

/** The array's words on a member, such as `in_sync` or `faulty`; null where it has none of that name. */
export async function readMemberState(
  files: Files,
  paths: Sys,
  array: string,
  member: string,
): Promise<readonly string[] | null> {
  const text = await files.readText(`${mdFolder(paths, array)}/dev-${member}/state`);
  return text?.trim().split(',') ?? null;
}

/** The member's place in the array; null for a spare and the like. */
export async function readMemberSlot(
  files: Files,
  paths: Sys,
  array: string,
  member: string,
): Promise<number | null> {
  const text = (await files.readText(`${mdFolder(paths, array)}/dev-${member}/slot`))?.trim() ?? '';
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}

/** The array's resync has not come to its end: where there is nothing to do, `resync_start` says `none`. */
export async function isResyncing(files: Files, paths: Sys, array: string): Promise<boolean> {
  const start = await files.readText(`${mdFolder(paths, array)}/resync_start`);
  return start !== null && /^\d+$/.test(start.trim());
}

/** The array's bitmap is a file on another file system. */
export async function hasBitmapFile(files: Files, paths: Sys, array: string): Promise<boolean> {
  const location = await files.readText(`${mdFolder(paths, array)}/bitmap/location`);
  return location?.trim() === 'file';
}

/**
 * Whether the device itself names its holder. An array keeps the entry of a member whose disk was pulled, and the entry's
 * link leads to whatever has the disk's place in sysfs now; only a device that md has opened has this link back.
 */
async function isHeldBy(files: Files, block: string, array: string): Promise<boolean> {
  const link = `${block}/holders/${array}`;
  // md makes the entry a moment before the link.
  return (await files.exists(link)) || ((await files.exists(block)) && (await files.exists(link)));
}
