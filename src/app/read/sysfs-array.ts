import { type ArrayState, isExternalMetadata, parseArrayState } from '../../core/md/array-state.ts';
import { type MdUuid, parseMdUuid } from '../../core/md/md-uuid.ts';
import type { Files } from '../../ports/files.ts';

/** What one array's folder in sysfs tells, before its members are known. */
export interface ArrayFacts {
  readonly device: string;
  readonly state: ArrayState;
  readonly external: boolean;
  /** Only where it is a 1.x array's and set: inactive arrays say zero, and 0.90 has another byte order there. */
  readonly uuid: MdUuid | null;
  readonly degraded: number | null;
  /** Kernel names of the devices it holds, and whether it has failed them. */
  readonly bound: ReadonlyMap<string, { readonly faulty: boolean }>;
  /** Names of what it still holds although the disk is gone; a disk plugged in since may have such a name too. */
  readonly deadMembers: readonly string[];
}

const NO_UUID = /^[0:]+$/;

/** Null when there is no such array (any more). */
export async function readArray(files: Files, sysBlock: string, device: string): Promise<ArrayFacts | null> {
  const md = `${sysBlock}/${device}/md`;
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
    const state = await files.readText(`${md}/${entry}/state`);
    // Let go of while we looked.
    if (state === null) continue;
    const name = entry.slice('dev-'.length);
    if (await isHeldBy(files, `${sysBlock}/${name}`, device))
      bound.set(name, { faulty: state.trim().split(',').includes('faulty') });
    else deadMembers.push(name);
  }
  const metadata = version?.trim() ?? '';
  const uuid = metadata.startsWith('1.') && uuidText !== null ? parseMdUuid(uuidText) : null;
  const degraded = Number.parseInt(degradedText ?? '', 10);
  return {
    device,
    state: parseArrayState(stateText),
    external: isExternalMetadata(metadata),
    uuid: uuid?.ok && !NO_UUID.test(uuid.value) ? uuid.value : null,
    degraded: Number.isNaN(degraded) ? null : degraded,
    bound,
    deadMembers,
  };
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
