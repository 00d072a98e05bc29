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

/** The lines of one array: members in their order, the rest by key. */
interface ArrayRecord {
  readonly fields: Map<string, string>;
  readonly lines: (readonly [key: string, value: string])[];
}

function splitRecords(text: string): ArrayRecord[] {
  const records: ArrayRecord[] = [];
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals < 1 || !line.startsWith('MD_')) continue;
    const key = line.slice(0, equals);
    const last = records.at(-1);
    const first = key === 'MD_LEVEL' || (key === 'MD_DEVICES' && last?.fields.has('MD_DEVICES') !== false);
    const record: ArrayRecord = last === undefined || first ? { fields: new Map(), lines: [] } : last;
    if (record !== last) records.push(record);
    const value = line.slice(equals + 1);
    record.fields.set(key, value);
    record.lines.push([key, value]);
  }
  return records;
}

function readRecord({ fields: record, lines }: ArrayRecord): MdDetail | string {
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
    members: readMembers(lines),
  };
}

/**
 * A member is two lines, its role and then its path. Their keys do not tell members apart: mdadm writes `_` for whatever is
 * neither a letter nor a digit, so that /dev/md/a-b and /dev/md/a_b have one.
 */
function readMembers(lines: ArrayRecord['lines']): MdDetail['members'] {
  const members: { path: string; role: Role }[] = [];
  let last: { readonly stem: string; readonly role: Role } | null = null;
  for (const [key, value] of lines) {
    const [, stem, what] = /^(MD_DEVICE_.*)_(ROLE|DEV)$/.exec(key) ?? [];
    if (stem === undefined) continue;
    if (what === 'ROLE') last = { stem, role: readRole(value) };
    else if (last?.stem === stem) {
      members.push({ path: value, role: last.role });
      last = null;
    }
  }
  return members;
}

function readRole(word: string): Role {
  if (/^\d{1,4}$/.test(word)) return Number(word);
  return word === 'journal' || word === 'faulty' ? word : 'spare';
}
