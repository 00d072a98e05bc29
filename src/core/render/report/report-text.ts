import { escapeForConsole } from '../../text/escape-console.ts';
import { WIDTH, wrap, wrapTo } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import { renderExplanation } from '../commands/explain-text.ts';
import { renderTree } from '../tree/tree.ts';
import { atWords, type BootWords, bootWords } from './boot-words.ts';
import type { MachineReport } from './machine-report.ts';

/** For a person: what the last boots did, what the boot stands on, and what the next one would do. 79 columns, ASCII. */
export function renderReport(report: MachineReport): string {
  const { boots, list, nextBoot, nowMs, warnings } = report;
  return [
    ...wrap(headline(report)),
    '',
    'LAST BOOTS (times since the kernel started)',
    ...bootWords(boots, nowMs).flatMap(bootLines),
    '',
    'WHAT THE BOOT STANDS ON',
    list === null ? 'not known; see below' : renderTree(list).trimEnd(),
    '',
    'THE NEXT BOOT, AND WITHOUT EACH DISK',
    nextBoot === null ? 'not known; see below' : renderExplanation(nextBoot),
    ...(warnings.length === 0 ? [] : ['', 'WARNINGS', ...warnings.flatMap((one) => indented(one))]),
  ].join('\n');
}

/** What, of which machine, when. Safe for a console. */
export function headline({ hostName, nowMs, isRedacted }: MachineReport): string {
  const host = hostName === '' ? '' : ` of ${escapeForConsole(hostName, 64)}`;
  const date = nowMs === 0 ? '' : `, ${utcDate(nowMs)}`;
  return `reliable-raid report${host}${date}${isRedacted ? '; serial numbers, names of disks and the host name are replaced' : ''}`;
}

const TIME_WIDTH = 10;

function bootLines({ title, summary, entries, cutEntries }: BootWords): readonly string[] {
  return [
    ...wrap(`${title}:`),
    ...indented(summary),
    ...entries.flatMap(({ atMs, text }) => {
      const [first = '', ...more] = wrapTo(WIDTH - TIME_WIDTH - 2, text);
      const blank = ' '.repeat(TIME_WIDTH);
      return [`${atWords(atMs).padStart(TIME_WIDTH)}  ${first}`, ...more.map((line) => `${blank}  ${line}`)];
    }),
    ...(cutEntries === 0 ? [] : [`  (${cutEntries} entries were not kept)`]),
  ];
}

const indented = (text: string): readonly string[] => wrapTo(WIDTH - 2, text).map((line) => `  ${line}`);
