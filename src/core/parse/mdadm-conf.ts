import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';

/** One ARRAY line: what it calls the array, and by what it knows it. */
export interface ArrayLine {
  /** As written; `<ignore>` tells mdadm to leave the array alone; null when it has none. */
  readonly devName: string | null;
  readonly uuid: MdUuid | null;
  /** The name in the superblock that it wants. */
  readonly name: string | null;
  /** It names devices or a minor number: which array that means cannot be told from here. */
  readonly byDevices: boolean;
}

/** What mdadm.conf(5) says of arrays. */
export interface MdadmConf {
  readonly arrays: readonly ArrayLine[];
  /** MAILADDR; null where there is none. */
  readonly mailTo: string | null;
  /** MAILFROM. */
  readonly mailFrom: string | null;
  /** PROGRAM: what mdadm --monitor runs for each event. */
  readonly program: string | null;
}

/** Reads mdadm.conf(5): keywords may be cut to three letters and written in any case, lines go on after a blank at their start. */
export function parseMdadmConf(text: string): MdadmConf {
  const arrays: ArrayLine[] = [];
  let mailTo: string | null = null;
  let mailFrom: string | null = null;
  let program: string | null = null;
  for (const [keyword = '', ...words] of logicalLines(text)) {
    const word = keyword.toLowerCase();
    if (isKeyword(word, 'array')) arrays.push(readArrayLine(words));
    // Of several, mdadm takes the first.
    else if (isKeyword(word, 'mailaddr')) mailTo ??= words[0] ?? null;
    else if (isKeyword(word, 'mailfrom')) mailFrom ??= words.length === 0 ? null : words.join(' ');
    else if (isKeyword(word, 'program')) program ??= words[0] ?? null;
  }
  return { arrays, mailTo, mailFrom, program };
}

function readArrayLine(words: readonly string[]): ArrayLine {
  const value = (key: string): string | null =>
    words.find((word) => word.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1) ?? null;
  const uuid = parseMdUuid(value('uuid') ?? '');
  return {
    devName: words.find((word) => !word.includes('=')) ?? null,
    uuid: uuid.ok ? uuid.value : null,
    name: value('name'),
    byDevices: value('devices') !== null || value('super-minor') !== null,
  };
}

const isKeyword = (word: string, keyword: string): boolean => word.length >= 3 && keyword.startsWith(word);

function logicalLines(text: string): string[][] {
  const lines: string[][] = [];
  for (const raw of text.split('\n')) {
    const words = splitWords(raw);
    if (words.length === 0) continue;
    const last = lines.at(-1);
    if (/^[ \t]/.test(raw) && last !== undefined) last.push(...words);
    else lines.push(words);
  }
  return lines;
}

/** Words end at blanks outside quotes; `#` at the start of a word begins a comment. */
function splitWords(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/(?:"[^"]*"?|'[^']*'?|[^\s"'])+/g)) {
    if (word.startsWith('#')) break;
    words.push(word.replace(/["']/g, ''));
  }
  return words;
}
