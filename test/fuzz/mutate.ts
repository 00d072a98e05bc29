import type { Random } from './random.ts';

/** Where parsers break: ends of ranges, other notations, and what is no number although it looks like one. */
const NUMBERS = [
  '0',
  '-1',
  '1',
  '27',
  '28',
  '127',
  '128',
  '255',
  '256',
  '1920',
  '1921',
  '2048',
  '4294967295',
  '4294967296',
]
  .concat([
    '9007199254740991',
    '9007199254740993',
    '18446744073709551615',
    '-9223372036854775808',
    '1e309',
    '1e-9',
    '0x10',
  ])
  .concat(['00', '+1', '1.5', 'NaN', 'Infinity', '9'.repeat(40), '']);

const TOKENS = [
  '=',
  ':',
  '/',
  '\\',
  '"',
  "'",
  '#',
  ',',
  ' ',
  '\t',
  '\n',
  '\n\n',
  '\r',
  '\0',
  '{',
  '}',
  '[',
  ']',
  'null',
  'true',
]
  .concat([
    '\x1b[2J',
    '\x1b]0;x\x07',
    '\x9b31m',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\uffff',
    '\u{1f4a9}',
    'é',
    '\x7f',
    '\\040',
    '\\134',
  ])
  .concat([
    '__proto__',
    'constructor',
    'toString',
    'none',
    '..',
    '/dev/',
    'E:',
    'MD_',
    'UUID=',
    'rd.',
    '$(x)',
    '`x`',
    ';',
  ]);

const EDGES_32 = [
  0, 1, 2, 26, 27, 28, 127, 128, 384, 1919, 1920, 1921, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff,
];

const MAX_CHARACTERS = 65_536;

/** A text with one to four things wrong with it; `others` lend parts of theirs. */
export function mutateText(random: Random, text: string, others: readonly string[]): string {
  let out = text.startsWith('{') && random.once(2) ? mutateJson(random, text) : text;
  for (let n = out === text ? 1 + random.below(4) : 0; n > 0; n--) out = mutateTextOnce(random, out, others);
  return out.length > MAX_CHARACTERS ? out.slice(0, MAX_CHARACTERS) : out;
}

function mutateTextOnce(random: Random, text: string, others: readonly string[]): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + random.below(random.once(4) ? text.length : 12));
  const replaced = (middle: string, to = end): string => text.slice(0, at) + middle + text.slice(to);
  switch (random.below(10)) {
    case 0:
      return replaced(String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << random.below(8))), at + 1);
    case 1:
      return replaced('');
    case 2:
      return text.slice(0, at);
    case 3:
      return replaced(random.pick(TOKENS), at);
    case 4:
      return replaced(random.pick(TOKENS));
    case 5:
      return replaceNumber(random, text, at);
    case 6: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return replaced(other.slice(from, from + 1 + random.below(200)), random.once(2) ? at : end);
    }
    case 7:
      return replaced(text.slice(at, end).repeat(2 + random.below(random.once(200) ? 500 : 3)));
    case 8:
      return moveLine(random, text);
    default:
      return replaced(String.fromCharCode(random.below(random.once(2) ? 0x100 : 0x10000)), at);
  }
}

/** Still JSON, with some values changed: what a parser of shapes has to judge. */
function mutateJson(random: Random, text: string): string {
  const top: unknown = JSON.parse(text);
  for (let n = 1 + random.below(3); n > 0; n--) {
    let holder = top as Record<string, unknown>;
    for (;;) {
      const keys = Object.keys(holder);
      if (keys.length === 0) break;
      const key = random.pick(keys);
      const value = holder[key];
      if (typeof value === 'object' && value !== null && !random.once(6)) {
        holder = value as Record<string, unknown>;
        continue;
      }
      holder[key] = otherValue(random, value);
      break;
    }
  }
  return JSON.stringify(top);
}

function otherValue(random: Random, value: unknown): unknown {
  if (typeof value === 'string' && random.once(2)) return mutateTextOnce(random, value, [value]);
  if (Array.isArray(value) && random.once(2)) return [...value, ...value];
  if (typeof value === 'number' && random.once(2)) return value + random.pick([-1, 1, 0.5, 65_536]);
  return random.pick([
    null,
    true,
    -1,
    0,
    1,
    27,
    2048,
    2 ** 32,
    2 ** 53,
    '',
    'none',
    [],
    {},
    [[]],
    random.pick(TOKENS),
  ]);
}

function replaceNumber(random: Random, text: string, from: number): string {
  const found = /\d+/.exec(text.slice(from, from + 400)) ?? /\d+/.exec(text.slice(0, 400));
  if (found === null) return text + random.pick(NUMBERS);
  const at = text.indexOf(found[0], found.index);
  return text.slice(0, at) + random.pick(NUMBERS) + text.slice(at + found[0].length);
}

/** A line twice, gone, or elsewhere. */
function moveLine(random: Random, text: string): string {
  const lines = text.split('\n');
  const [line = ''] = lines.splice(random.below(lines.length), random.below(2));
  lines.splice(random.below(lines.length + 1), 0, line);
  return lines.join('\n');
}

/** Bytes with one to six things wrong with them, of the same length or shorter. */
export function mutateBytes(random: Random, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let out = bytes.slice();
  for (let n = 1 + random.below(6); n > 0; n--) {
    // Most of what a superblock says is at its start.
    const at = random.below(random.once(3) ? out.length : Math.min(out.length, 640));
    switch (random.below(6)) {
      case 0:
        out[at] = (out[at] ?? 0) ^ (1 << random.below(8));
        break;
      case 1:
        out[at] = random.below(256);
        break;
      case 2:
        if (at + 4 <= out.length)
          new DataView(out.buffer).setUint32(at - (at % 4), random.pick(EDGES_32), random.below(8) > 0);
        break;
      case 3:
        out.set(other.subarray(at, at + 4 * (1 + random.below(16))).subarray(0, out.length - at), at);
        break;
      case 4:
        out.fill(random.pick([0, 0xff, 0x41]), at, at + 1 + random.below(64));
        break;
      default:
        if (random.once(20)) out = out.slice(0, at);
    }
  }
  return out;
}
