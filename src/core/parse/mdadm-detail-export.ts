import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';
import type { Role } from '../md/superblock.ts';
import { failure, ok, type Result } from '../result/result.ts';

/** One array of `mdadm --detail --export`; that output does not say which device it speaks of. */
export interface MdDetail {
  readonly uuid: MdUuid;
  /** `raid1`, `linear`, `container`, …; null for an inactive array. */
  readonly level: string | null;
  /** `0.90`, `1.2`, `imsm`, `ddf`, …; empty when mdadm did not say. */
  readonly metadata: string;
  /** Number of raid devices, members of a container. */
  readonly devices: number;
  /** Name in the superblock, host part included; null when it has none. */
  readonly name: string | null;
  /** Its name under /dev/md; null when it has none. */
  readonly devName: string | null;
  /** Path of the container that holds this volume. */
  readonly container: string | null;
  readonly members: readonly { readonly path: string; readonly role: Role }[];
}

/** Reads the output for one or several arrays: each begins with MD_LEVEL, or MD_DEVICES where it is inactive. */
export function parseMdadmDetailExport(
  text: string,
  at = 'mdadm --detail --export',
): Result<readonly MdDetail[]> {
  const details: MdDetail[] = [];
  for (const record of splitRecords(text)) {
    const detail = readRecord(record);
    if (typeof detail === 'string') return failure(`${at}, array ${details.length + 1}`, detail);
    details.push(detail);
  }
  return ok(details);
}

function splitRecords(text: string): Map<string, string>[] {
  const records: Map<string, string>[] = [];
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 1 || !line.startsWith('MD_')) continue;
    const key = line.slice(0, equals);
    const last = records.at(-1);
    const first = key === 'MD_LEVEL' || (key === 'MD_DEVICES' && last?.has('MD_DEVICES') !== false);
    const record = last === undefined || first ? new Map<string, string>() : last;
    if (record !== last) records.push(record);
    record.set(key, line.slice(equals + 1));
  }
  return records;
}

function readRecord(record: ReadonlyMap<string, string>): MdDetail | string {
  const uuid = parseMdUuid(record.get('MD_UUID') ?? '', 'MD_UUID');
  if (!uuid.ok) return record.has('MD_UUID') ? `MD_UUID ${uuid.why}` : 'has no MD_UUID';
  const devices = Number(record.get('MD_DEVICES') ?? 0);
  return {
    uuid: uuid.value,
    level: record.get('MD_LEVEL') ?? null,
    metadata: record.get('MD_METADATA') ?? '',
    devices: Number.isSafeInteger(devices) && devices >= 0 ? devices : 0,
    name: record.get('MD_NAME') ?? null,
    devName: record.get('MD_DEVNAME') ?? null,
    container: record.get('MD_CONTAINER') ?? null,
    members: readMembers(record),
  };
}

function readMembers(record: ReadonlyMap<string, string>): MdDetail['members'] {
  const members: { path: string; role: Role }[] = [];
  for (const [key, value] of record) {
    const stem = /^(MD_DEVICE_.*)_ROLE$/.exec(key)?.[1];
    const path = stem === undefined ? undefined : record.get(`${stem}_DEV`);
    if (path !== undefined) members.push({ path, role: readRole(value) });
  }
  return members;
}

function readRole(word: string): Role {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  return word === 'journal' || word === 'faulty' ? word : 'spare';
}
