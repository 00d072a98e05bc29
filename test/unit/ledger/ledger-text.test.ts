import fc from 'fast-check';
import { test } from 'tap';
import { crc32 } from '../../../src/core/ledger/crc32.ts';
import type { LedgerEntry } from '../../../src/core/ledger/ledger.ts';
import {
  formatLedgerText,
  MAX_VARIABLE_TEXT,
  parseLedgerText,
} from '../../../src/core/ledger/ledger-text.ts';
import { planText } from '../../../src/core/ledger/plan-record.ts';
import { anyLedger, disk, entryOf, uuidOf } from '../../support/ledger-entries.ts';

test('any ledger survives its text', async () => {
  fc.assert(
    fc.property(anyLedger, (ledger) => {
      const { text, leftOut } = formatLedgerText(ledger, 10_000);
      const read = parseLedgerText(text, 'x');
      return leftOut.length === 0 && read.ok && JSON.stringify(read.value) === JSON.stringify(ledger);
    }),
  );
});

test('a text that was changed in any way is refused, or it means the same (S12)', async () => {
  const mutation = fc.record({
    at: fc.nat(400),
    cut: fc.nat(3),
    put: fc.string({ maxLength: 3, unit: 'binary-ascii' }),
  });
  fc.assert(
    fc.property(anyLedger, mutation, (ledger, { at, cut, put }) => {
      const { text } = formatLedgerText(ledger, 10_000);
      const other = text.slice(0, at) + put + text.slice(at + cut);
      const read = parseLedgerText(other, 'x');
      return !read.ok || other === text;
    }),
    { numRuns: 1000 },
  );
});

test('hostile text: an answer, never an exception', async () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseLedgerText(text, 'x').ok === false));
  const lines = fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 });
  fc.assert(
    fc.property(lines, (parts) => {
      const body = `${parts.join('\n')}\n`;
      const sum = crc32(body).toString(16).padStart(8, '0');
      return parseLedgerText(`reliable-raid/ledger/1 ${sum}\n${body}`, 'x').ok === false;
    }),
  );
});

test('what is no ledger of this version says so', async (t) => {
  const body = (line: string) =>
    `reliable-raid/ledger/1 ${crc32(`${line}\n`).toString(16).padStart(8, '0')}\n${line}\n`;
  const good = '0000000100000000000000000000000a 1 2 3 0=00000001000000000000000000000001';
  t.match(parseLedgerText(body(good), 'x'), { ok: true });
  const refused: [string, string, RegExp][] = [
    ['empty', '', /not a ledger/],
    ['head only', 'reliable-raid/ledger/1 00000000', /checksum/],
    ['newer', 'reliable-raid/ledger/2 00000000\n', /version 2 belongs to another release/],
    ['other', 'hello\n', /not a ledger/],
    ['flipped', body(good).replace(' 1 2', ' 1 4'), /checksum/],
    ['cut', body(good).slice(0, -9), /checksum/],
    ['no member', body(good.slice(0, good.indexOf(' 0='))), /a line that does not belong/],
    ['twice', body(`${good}\n${good}`), /a line that does not belong/],
    ['role twice', body(`${good} 0=/1`), /a line that does not belong/],
    ['member twice', body(`${good} 1=00000001000000000000000000000001`), /a line that does not belong/],
    ['leading zero', body(good.replace(' 1 ', ' 01 ')), /a line that does not belong/],
    ['too large', body(good.replace(' 2 ', ' 9007199254740993 ')), /a line that does not belong/],
    ['colons', body(good.replace('00000001', '00000001:')), /a line that does not belong/],
    ['too long', body(good).padEnd(70_000), /longer than/],
  ];
  for (const [name, text, why] of refused) t.match(parseLedgerText(text, 'x'), { ok: false, why }, name);
});

test('what does not fit is left out, the least important first', async (t) => {
  const big = (n: number, members: number): LedgerEntry => ({
    ...entryOf([0], 20),
    arrayUuid: uuidOf(n),
    inSync: Array.from({ length: members }, (_, role) => ({ deviceUuid: disk(role), role })),
  });
  const entries = [big(1, 2), big(2, 44), big(3, 20), big(4, 2)];
  const { text, leftOut } = formatLedgerText({ entries }, MAX_VARIABLE_TEXT);
  t.same(leftOut, [uuidOf(3)]);
  t.ok(text.length <= MAX_VARIABLE_TEXT);
  t.match(parseLedgerText(text, 'x'), { ok: true, value: { entries: { length: 3 } } });
  const again = parseLedgerText(text, 'x');
  const plan = planText({ entries }, again.ok ? again.value : null, MAX_VARIABLE_TEXT);
  t.equal(plan.needed, false, 'what never fits is no reason to write again and again');
});
