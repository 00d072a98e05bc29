// The table of what `explain` said and what happened, as Markdown.
import type { Row } from './firmware-layout.ts';
import type { Judgement } from './judge.ts';
import type { Seen } from './power-on.ts';

export interface JudgedRow {
  readonly row: Row;
  readonly judgement: Judgement;
  readonly seen: Seen;
}

const PROMISES = { up: 'comes up', 'not-up': 'stops', unknown: 'cannot tell' } as const;

export function tableOf(rows: readonly JudgedRow[]): string {
  const head = [
    'machine',
    'without',
    '`explain` said',
    'stage reached',
    'said, s',
    'seen, s',
    'engine late, s',
    'agrees',
  ];
  const lines = rows.map(({ row, judgement, seen }) => [
    row.layout.name,
    row.absent ?? '-',
    `${PROMISES[judgement.promised]}${judgement.toldEnd === null ? '' : ` (${judgement.toldEnd})`}`,
    seen.reached,
    judgement.toldSeconds?.toFixed(1) ?? '-',
    judgement.seenSeconds?.toFixed(1) ?? '-',
    judgement.lateSeconds?.toFixed(1) ?? '-',
    judgement.problems.length === 0 ? 'yes' : 'NO',
  ]);
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
