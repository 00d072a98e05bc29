import { type MdUuid, parseMdUuid } from '../md-uuid.ts';

/** What mdadm.conf(5) says of the arrays we care for. */
export interface MdadmConf {
  /** UUIDs that have an ARRAY line, whatever else that line says. */
  readonly arrayUuids: ReadonlySet<MdUuid>;
  /** Word after HOMEHOST: a host name, `<system>`, `<ignore>` or `<none>`; null without such a line. The first one counts. */
  readonly homeHost: string | null;
}

/** Reads mdadm.conf(5): keywords may be cut to three letters and written in any case, lines go on after a blank at their start. */
export function parseMdadmConf(text: string): MdadmConf {
  const arrayUuids = new Set<MdUuid>();
  let homeHost: string | null = null;
  for (const words of logicalLines(text)) {
    const keyword = words[0]?.toLowerCase() ?? '';
    if (isKeyword(keyword, 'array')) {
      for (const word of words.slice(1)) {
        const uuid = /^uuid=/i.test(word) ? parseMdUuid(word.slice(5)) : null;
        if (uuid?.ok) arrayUuids.add(uuid.value);
      }
    } else if (isKeyword(keyword, 'homehost')) homeHost ??= words[1] ?? null;
  }
  return { arrayUuids, homeHost };
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
