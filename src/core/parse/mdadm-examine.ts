import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';
import { failure, ok, type Result } from '../result/result.ts';

/** A volume of an IMSM or DDF container, as one of its disks describes it. */
interface ExaminedVolume {
  readonly uuid: MdUuid;
  /** md's level number. */
  readonly level: number;
  /** Each slot's state there: has its data, or not (missing, failed, being rebuilt). */
  readonly slots: readonly ('in-sync' | 'missing')[];
  /** Slot of the disk that was asked, null when it has none in this volume. */
  readonly ownSlot: number | null;
  /** Neither dirty nor being rebuilt, migrated or initialised. */
  readonly clean: boolean;
}

/** A disk of a container, from `mdadm --examine` and `mdadm --examine --brief`. */
export interface ExaminedMember {
  readonly metadata: 'imsm' | 'ddf';
  readonly containerUuid: MdUuid;
  /** Counted up with each write of the metadata: of two disks the one with the higher number knows better. */
  readonly generation: number;
  readonly volumes: readonly ExaminedVolume[];
}

const MAX_VOLUMES = 64;
const MAX_SLOTS = 1024;

/**
 * Reads both outputs for one disk. Names in them come from the disk and may hold line breaks: a key that a section
 * has twice is refused, and so is whatever does not fit together, since what is not known is not judged.
 */
export function parseMdadmExamine(
  text: string,
  brief: string,
  at = 'mdadm --examine',
): Result<ExaminedMember> {
  const bad = (why: string) => failure(at, why);
  const arrays = readBrief(brief);
  if (typeof arrays === 'string') return bad(arrays);
  const sections = splitSections(text);
  if (sections === null) return bad('has a field twice');
  const head = sections[0]?.values ?? new Map<string, string>();
  const isImsm = head.get('Magic') === 'Intel Raid ISM Cfg Sig.';
  if (!isImsm && head.get('Magic') !== 'de11de11') return bad('is not from an IMSM or DDF member');
  const generation = head.get(isImsm ? 'Generation' : 'Seq') ?? '';
  if (!/^[0-9a-f]{8}$/.test(generation)) return bad('has no generation');
  const volumes = isImsm ? imsmVolumes(sections.slice(1)) : ddfVolumes(head, text, arrays.volumes);
  if (typeof volumes === 'string') return bad(volumes);
  // Both outputs must list the same volumes, each once.
  const told = volumes.map(({ uuid }) => uuid).sort();
  if (new Set(told).size !== told.length || told.join() !== [...arrays.volumes.values()].sort().join())
    return bad('lists other volumes than --brief');
  return ok({
    metadata: isImsm ? 'imsm' : 'ddf',
    containerUuid: arrays.container,
    generation: Number.parseInt(generation, 16),
    volumes,
  });
}

/** Container, and volume UUIDs by member number. */
function readBrief(brief: string): { container: MdUuid; volumes: ReadonlyMap<number, MdUuid> } | string {
  let container: MdUuid | null = null;
  const volumes = new Map<number, MdUuid>();
  for (const line of brief.split('\n')) {
    if (!line.startsWith('ARRAY ')) continue;
    const uuid = parseMdUuid(/ UUID=(\S+)$/.exec(line)?.[1] ?? '');
    if (!uuid.ok) return '--brief has an array without a UUID';
    const member = / container=(\S+) member=(\d{1,3}) UUID=\S+$/.exec(line);
    if (member === null) {
      if (container !== null) return '--brief has two containers';
      container = uuid.value;
    } else {
      const index = Number(member[2]);
      if (volumes.has(index) || index >= MAX_VOLUMES) return '--brief has a volume twice';
      if (container === null || member[1] !== container) return '--brief has a volume of another container';
      volumes.set(index, uuid.value);
    }
  }
  return container === null ? '--brief has no container' : { container, volumes };
}

interface Section {
  readonly title: string;
  readonly values: Map<string, string>;
}

/** The part before any volume, and one part a volume (`[name]:`); lines of disks (`Disk01 …`) are left out. Null: a key twice. */
function splitSections(text: string): readonly Section[] | null {
  const sections: Section[] = [{ title: '', values: new Map() }];
  let inDisk = false;
  for (const line of text.split('\n')) {
    const title = /^\[(.*)\]:$/.exec(line)?.[1];
    if (title !== undefined) {
      if (sections.length > MAX_VOLUMES) return null;
      sections.push({ title, values: new Map() });
      inDisk = false;
      continue;
    }
    const [, key = '', value = ''] = /^ *([A-Za-z][A-Za-z ]*(?:\[\d+\])?) : (.*)$/.exec(line) ?? [];
    if (/^ *Disk\d+ Serial : /.test(line)) inDisk = true;
    if (line === '') inDisk = false;
    const section = sections.at(-1);
    if (key === '' || inDisk || section === undefined) continue;
    if (section.values.has(key)) return null;
    section.values.set(key, value.trim());
  }
  return sections;
}

function imsmVolumes(sections: readonly Section[]): ExaminedVolume[] | string {
  const volumes: ExaminedVolume[] = [];
  for (const { values } of sections) {
    const value = (key: string): string => values.get(key)?.replace(/ <-- .*$/, '') ?? '';
    const uuid = parseMdUuid(value('UUID'));
    const slots = /^\[([U_]{1,1024})\]$/.exec(value('Slots'))?.[1];
    const level = readLevel(value('RAID Level'));
    if (!uuid.ok || slots === undefined || level === null) return 'has a volume without UUID, slots or level';
    if (value('Members') !== String(slots.length)) return 'has a volume whose slots do not match its members';
    const own = value('This Slot');
    volumes.push({
      uuid: uuid.value,
      level,
      slots: [...slots].map((slot) => (slot === 'U' ? 'in-sync' : 'missing')),
      ownSlot: /^\d{1,4}$/.test(own) && Number(own) < slots.length ? Number(own) : null,
      clean: value('Dirty State') === 'clean' && value('Migrate State') === 'idle',
    });
  }
  return volumes;
}

function ddfVolumes(
  head: ReadonlyMap<string, string>,
  text: string,
  uuids: ReadonlyMap<number, MdUuid>,
): ExaminedVolume[] | string {
  const disks = physicalDisks(text);
  if (disks === null) return 'has a malformed disk table';
  const volumes: ExaminedVolume[] = [];
  for (const [index, uuid] of uuids) {
    const value = (key: string): string => head.get(`${key}[${index}]`) ?? '';
    const [, count = '', list = ''] = /^(\d{1,4}) \((.*)\)$/.exec(value('Raid Devices')) ?? [];
    const holders = list.split(/ +/).map((word) => /^(\d{1,5})@\d+K$/.exec(word)?.[1] ?? null);
    const level = readLevel(value('Raid Level').replace(/^RAID/, ''));
    if (level === null || Number(count) !== holders.length || holders.length > MAX_SLOTS)
      return 'has a volume without level or devices';
    const own = holders.findIndex((holder) => holder !== null && disks.get(Number(holder))?.isThis === true);
    volumes.push({
      uuid,
      level,
      slots: holders.map((holder) =>
        holder !== null && disks.get(Number(holder))?.online === true ? 'in-sync' : 'missing',
      ),
      ownSlot: own < 0 ? null : own,
      clean: /, Consistent$/.test(value('state')) && value('init state') === 'Fully Initialised',
    });
  }
  return volumes;
}

/** The table at the end, by number; the disk that was asked is the one with a device name. */
function physicalDisks(text: string): ReadonlyMap<number, { isThis: boolean; online: boolean }> | null {
  const disks = new Map<number, { isThis: boolean; online: boolean }>();
  const table = text.slice(text.indexOf('\n Physical Disks :') + 1).split('\n');
  for (const line of table.slice(2)) {
    const row = /^ +(\d{1,5}) +[0-9a-f]{8} +\d+K (\S+)? +([a-zA-Z-]+)\/(.*)$/.exec(line);
    if (row === null) continue;
    const number = Number(row[1]);
    if (disks.has(number)) return null;
    disks.set(number, { isThis: row[2] !== undefined, online: row[4] === 'Online' });
  }
  return disks;
}

const readLevel = (word: string): number | null => (/^(0|1|4|5|6|10)$/.test(word) ? Number(word) : null);
