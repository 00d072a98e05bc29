/**
 * The manual for the bad day as a man page, made from its text:
 *   node tools/build/troubleshooting-page.ts   ->   man/reliable-raid-troubleshooting.7
 */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE, ROOT, runTool } from '../project.ts';

export const TEXT_PATH = 'docs/troubleshooting.md';
export const PAGE_PATH = 'man/reliable-raid-troubleshooting.7';

const DATE = '2026-11-29';

const HEAD = `.TH RELIABLE-RAID-TROUBLESHOOTING 7 ${DATE} "reliable-raid ${PACKAGE.version}" "Manual"
.\\" Made of troubleshooting.md: change that.
.SH NAME
reliable-raid-troubleshooting \\- what a message of reliable-raid means, and what to type
.SH DESCRIPTION`;

const FOOT = `.SH SEE ALSO
.BR reliable-raid (8),
.BR reliable-raid-boot (7),
.BR reliable-raid-config (5),
.BR mdadm (8),
.BR md (4)
`;

/** Roff of one line's text: what roff takes for its own is escaped, `code` is bold, *words* are italic. */
function inline(text: string): string {
  const marked = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replace(/`([^`]+)`/g, '\\fB$1\\fR')
    .replace(/\*([^*]+)\*/g, '\\fI$1\\fR');
  return /^[.']/.test(marked) ? `\\&${marked}` : marked;
}

/** Of the Markdown that this one text uses: headings, paragraphs, lists with a hyphen, quotes of one line, commands between fences. */
export function manPageOf(markdown: string): string {
  const lines: string[] = [];
  let inCommands = false;
  let isNewParagraph = false;
  const paragraph = (): void => {
    if (isNewParagraph && !/^\.(SH|SS|PP)/.test(lines.at(-1) ?? '.SH')) lines.push('.PP');
    isNewParagraph = false;
  };
  for (const line of markdown.split('\n').slice(1)) {
    const [, marks = '', title = ''] = /^(#{2,4}) (.*)$/.exec(line) ?? [];
    if (line === '```') {
      if (!inCommands) lines.push(...(/^\.S[HS]/.test(lines.at(-1) ?? '') ? [] : ['.PP']));
      lines.push(...(inCommands ? ['.RE', '.fi'] : ['.nf', '.RS 4']));
      inCommands = !inCommands;
      isNewParagraph = true;
    } else if (inCommands) lines.push(inline(line));
    else if (marks !== '') {
      lines.push(marks === '##' ? `.SH ${inline(title).toUpperCase()}` : `.SS ${inline(title)}`);
      isNewParagraph = false;
    } else if (line.startsWith('> ')) lines.push('.TP', '.B *', inline(line.slice(2)));
    else if (line.startsWith('- ')) lines.push('.IP \\(bu 2', inline(line.slice(2)));
    else if (line.startsWith('  ')) lines.push(inline(line.trim()));
    else if (line === '' || line === '>') isNewParagraph = true;
    else {
      paragraph();
      lines.push(inline(line));
    }
  }
  return [HEAD, ...lines, FOOT].join('\n');
}

export const troubleshootingPage = (): string => manPageOf(readFileSync(join(ROOT, TEXT_PATH), 'utf8'));

if (import.meta.main) await runTool(() => writeFile(join(ROOT, PAGE_PATH), troubleshootingPage()));
