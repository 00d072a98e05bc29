import { escapeForConsole } from '../../text/escape-console.ts';
import type { MachineReport } from './machine-report.ts';

/** What one disk is called; `serials` and `names` (under /dev/disk/by-id) may be empty. */
export interface DiskNames {
  readonly serials: readonly string[];
  readonly names: readonly string[];
}

/** Shorter ones are no names in a sentence: they are replaced only where they stand alone. */
const MIN_IN_TEXT = 4;

/** Fields that hold words of our own, or what a later look-up needs: a disk that is called like one must not change it. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  ...[
    'kind',
    'stage',
    'grade',
    'code',
    'outcome',
    'state',
    'passphrase',
    'policy',
    'degraded',
    'reason',
    'cause',
  ],
  ...[
    'missingRoles',
    'metadata',
    'schema',
    'shell',
    'stale',
    'weight',
    'role',
    'uuid',
    'array',
    'container',
    'deviceUuid',
  ],
  ...[
    'device',
    'taken',
    'bootId',
    'choice',
    'verdictKind',
    'tag',
    'code',
    'feature',
    'features',
    'generator',
  ],
]);

/**
 * The report without serial numbers, WWNs, names of disks that hold them, and the host name. The same disk gets the same number
 * everywhere. UUIDs, labels and mount points stay.
 */
export function redacted(report: MachineReport, disks: readonly DiskNames[]): MachineReport {
  const replacer = new Replacer([...disks, ...disksIn(report)], report.hostName);
  return { ...(replacer.map(report, '') as MachineReport), isRedacted: true };
}

const HOST = 'host';
/** What follows the host name where it is written with its domain. */
const DOMAIN = /(?<=(?<![A-Za-z0-9])host)(?:\.[A-Za-z0-9-]+)+/g;

/** `ata-DISK-part2` is a name of the disk `ata-DISK`. */
const PART = /-part\d+$/;
const BY_ID_PREFIX = /^(?:ata|nvme|scsi|wwn|usb|virtio|mmc|ieee1394|memstick|cciss)-/;
/** WWNs as udev, the kernel and SCSI write them. */
const WWN = /\b(?:0x[0-9a-f]{16,32}|(?:naa|eui|t10)\.[0-9a-z_]{8,})\b/gi;
/** Names of disks in a sentence, known to nobody. */
const NAME =
  /(?<=\/dev\/disk\/by-id\/|last seen as )[^\s"'(),;]+|\b(?:ata|nvme|scsi|wwn|usb|virtio)-[^\s"'(),;/]{8,}/g;
const SERIAL = /(?<=\bserial )[^\s"'(),;]+/g;

/** The digits that all ways of writing one WWN share; null where a word holds none. */
const wwnOf = (word: string): string | null =>
  /(?:0x|naa\.|eui\.|^scsi-[23])([0-9a-f]{16,32})$/i.exec(word)?.[1]?.toLowerCase() ?? null;

class Replacer {
  readonly #numbers = new Map<string, number>();
  readonly #words = new Map<string, string>();
  readonly #hosts: readonly string[];
  #next = 1;

  constructor(disks: readonly DiskNames[], hostName: string) {
    for (const { serials, names } of disks) {
      const all = [...serials, ...names.map((name) => name.replace(PART, ''))].flatMap((word) => [
        word,
        wwnOf(word) ?? word,
      ]);
      const number =
        all.map((word) => this.#numbers.get(word)).find((one) => one !== undefined) ?? this.#next++;
      for (const word of all) this.#numbers.set(word, number);
      for (const serial of serials) this.#know(serial, `serial-${number}`);
      for (const name of names) this.#know(name.replace(PART, ''), `by-id-${number}`);
    }
    this.#hosts = hostForms(hostName);
  }

  #know(word: string, by: string): void {
    if (word === '') return;
    // As it stands in by-id names, and in lines that were made for a console.
    for (const form of [word, word.replace(/\s+/g, '_'), escapeForConsole(word, 4096)])
      if (!this.#words.has(form)) this.#words.set(form, by);
  }

  /** A number for what nobody knows: the same for the same. */
  #numberOf(word: string): number {
    const wwn = wwnOf(word);
    const known = this.#numbers.get(word) ?? (wwn === null ? undefined : this.#numbers.get(wwn));
    const number = known ?? this.#next++;
    this.#numbers.set(wwn ?? word, number);
    return number;
  }

  /** `key`: the name of the field that holds the value. */
  map(value: unknown, key: string): unknown {
    if (typeof value === 'string') return this.#mapText(value, key);
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.map(item, key));
    if (value instanceof Map) return new Map([...value].map(([name, item]) => [name, this.map(item, '')]));
    if (value instanceof Set) return new Set([...value].map((item) => this.map(item, key)));
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, this.map(item, name)]));
  }

  #mapText(text: string, key: string): string {
    if (key === 'serial') return text === '' ? '' : `serial-${this.#numberOf(text)}`;
    if (key === 'byId') return this.#nameOf(text);
    if (key === 'hostName') return text === '' ? '' : HOST;
    return OWN_WORDS.has(key) ? text : this.#inText(text);
  }

  #nameOf(name: string): string {
    const whole = name.replace(PART, '');
    // Made of what is on it, such as the name of an array.
    if (!BY_ID_PREFIX.test(whole) && !this.#numbers.has(whole)) return this.#inText(name);
    return `by-id-${this.#numberOf(whole)}${name.slice(whole.length)}`;
  }

  #inText(text: string): string {
    const alone = this.#words.get(text);
    if (alone !== undefined) return alone;
    return this.#known(text)
      .replace(NAME, (name) =>
        /^(?:by-id|serial|wwn)-\d+(?:-part\d+)?$/.test(name) ? name : this.#unknownName(name),
      )
      .replace(SERIAL, (serial) =>
        /^serial-\d+$/.test(serial) ? serial : `serial-${this.#numberOf(serial)}`,
      )
      .replace(WWN, (wwn) => `wwn-${this.#numberOf(wwn)}`);
  }

  #unknownName(name: string): string {
    const whole = name.replace(PART, '');
    return BY_ID_PREFIX.test(whole) ? `by-id-${this.#numberOf(whole)}${name.slice(whole.length)}` : name;
  }

  /** One pass, the longest first: what replaces a word is not replaced again. */
  #known(text: string): string {
    this.#pattern ??= patternOf([
      ...[...this.#words.keys()].filter((word) => word.length >= MIN_IN_TEXT),
      ...this.#hosts,
    ]);
    return this.#pattern === null
      ? text
      : text.replace(this.#pattern, (word) => this.#words.get(word) ?? HOST).replace(DOMAIN, '');
  }

  #pattern: RegExp | null | undefined;
}

const patternOf = (words: readonly string[]): RegExp | null =>
  words.length === 0
    ? null
    : new RegExp(
        `(?<![A-Za-z0-9])(?:${words
          .toSorted((a, b) => b.length - a.length)
          .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
          .join('|')})(?![A-Za-z0-9])`,
        'g',
      );

/** Whole, without its domain, and as device-mapper writes it. */
function hostForms(hostName: string): readonly string[] {
  const short = hostName.split('.', 1)[0] ?? '';
  const forms = [hostName, short].flatMap((name) => [name, name.replaceAll('-', '--')]);
  return [...new Set(forms)].filter((name) => name !== '' && name !== 'localhost');
}

/** Disks that the report itself names, also those that are gone. */
function disksIn(report: MachineReport): readonly DiskNames[] {
  const found: DiskNames[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      const serial = /\(serial (.{1,200})\)$/.exec(value)?.[1];
      if (serial !== undefined) found.push({ serials: [serial], names: [] });
    }
    if (typeof value !== 'object' || value === null) return;
    if (value instanceof Map || value instanceof Set || Array.isArray(value)) {
      for (const item of value.values()) visit(item);
      return;
    }
    const { byId, serial } = value as Readonly<Record<string, unknown>>;
    const serials = typeof serial === 'string' && serial !== '' ? [serial] : [];
    const names = typeof byId === 'string' && BY_ID_PREFIX.test(byId) ? [byId] : [];
    if (serials.length + names.length > 0) found.push({ serials, names });
    for (const item of Object.values(value)) visit(item);
  };
  visit(report);
  return found;
}
