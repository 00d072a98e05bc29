/**
 * The data of ICU that a Node needs which speaks English only: what Node's own build takes for `--with-intl=small-icu`.
 * A package of ICU is a header, a table of names and places, and the items, each at a multiple of 16.
 */
import { ToolError } from '../project.ts';

/** The other trees hold names of languages, countries and units, and rules to break lines and to transliterate. */
const TREES = ['', 'coll', 'curr', 'zone'];

/** Legacy encodings, rules for names of hosts and users, characters that look alike, names of characters. */
const OTHER_TABLES = /\.(?:cnv|cfu|spp)$|^(?:cnvalias|unames)\.icu$|^genderList\.res$/;

const OTHER_LANGUAGE = /^(?!en\.|res_index\.)[a-z]{2,3}(?:_\w*)?\.res$/;

const ENTRY_BYTES = 8;

interface Item {
  /** `icudt78l/TREE/NAME`, or without a tree. */
  readonly name: string;
  readonly bytes: Buffer;
}

export function smallIcuData(data: Buffer): Buffer {
  if (data.toString('latin1', 12, 16) !== 'CmnD') throw new ToolError('this is not a package of ICU data');
  const header = data.subarray(0, data.readUInt16LE(0));
  const kept = itemsOf(data.subarray(header.length)).filter(({ name }) => isKept(name));
  const names = kept.map(({ name }) => `${name}\0`);
  const table = Buffer.alloc(4 + ENTRY_BYTES * kept.length);
  const head = padded([header, table, Buffer.from(names.join(''), 'latin1')]);
  table.writeUInt32LE(kept.length);
  let nameAt = table.length;
  let itemAt = head.length - header.length;
  const items = kept.map(({ bytes }) => padded([bytes]));
  for (const [i, item] of items.entries()) {
    table.writeUInt32LE(nameAt, 4 + ENTRY_BYTES * i);
    table.writeUInt32LE(itemAt, 8 + ENTRY_BYTES * i);
    nameAt += names[i]?.length ?? 0;
    itemAt += item.length;
  }
  table.copy(head, header.length);
  return Buffer.concat([head, ...items]);
}

/** Of what follows the header: places count from there, and an item reaches to the next. */
function itemsOf(body: Buffer): readonly Item[] {
  const count = body.readUInt32LE(0);
  const place = (i: number): number => (i < count ? body.readUInt32LE(8 + ENTRY_BYTES * i) : body.length);
  return Array.from({ length: count }, (_, i) => {
    const nameAt = body.readUInt32LE(4 + ENTRY_BYTES * i);
    const name = body.toString('latin1', nameAt, body.indexOf(0, nameAt));
    return { name, bytes: body.subarray(place(i), place(i + 1)) };
  });
}

function isKept(name: string): boolean {
  const [file = '', tree = ''] = name.split('/').slice(1).reverse();
  return TREES.includes(tree) && !OTHER_TABLES.test(file) && !OTHER_LANGUAGE.test(file);
}

function padded(parts: readonly Buffer[]): Buffer {
  const bytes = parts.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat(parts, Math.ceil(bytes / 16) * 16);
}
