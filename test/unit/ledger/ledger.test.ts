import fc from 'fast-check';
import t from 'tap';
import { applyLedger, believedEntry } from '../../../src/core/ledger/apply-ledger.ts';
import { crc32 } from '../../../src/core/ledger/crc32.ts';
import { byImportance } from '../../../src/core/ledger/importance.ts';
import { changed, type Ledger, type LedgerEntry } from '../../../src/core/ledger/ledger.ts';
import {
  formatLedgerFile,
  type KeptLedger,
  mergeSeen,
  parseLedgerFile,
} from '../../../src/core/ledger/ledger-file.ts';
import {
  formatLedgerText,
  MAX_VARIABLE_TEXT,
  parseLedgerText,
} from '../../../src/core/ledger/ledger-text.ts';
import { newestEntry } from '../../../src/core/ledger/newest-entry.ts';
import {
  keptLedger,
  type ObservedEntry,
  planText,
  watchedLedger,
} from '../../../src/core/ledger/plan-record.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { renderLedger } from '../../../src/core/render/commands/ledger-listing.ts';
import { ageWords } from '../../../src/core/text/age.ts';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../../src/core/watchlist/watchlist.ts';
import { watchedMirror } from '../../support/watched-array.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;

const uuidOf = (n: number, kind = 1) =>
  `${n.toString(16).padStart(8, '0')}:0000000a:0000000b:${kind.toString(16).padStart(8, '0')}` as MdUuid;
const disk = (n: number) => uuidOf(n, 0xd);

const ROOT = uuidOf(1);

/** Roles 0, 1, … held by these disks, at that event count. */
const entryOf = (
  disks: readonly number[],
  events: number,
  updateTimeMs = NOW - DAY + events * 1000,
): LedgerEntry => ({
  arrayUuid: ROOT,
  recordedAtMs: updateTimeMs,
  events,
  updateTimeMs,
  inSync: disks.map((n) => ({ deviceUuid: disk(n), role: n })),
});

const ledgerOf = (...entries: LedgerEntry[]): Ledger => ({ entries });

function watchedArray(
  members: readonly (readonly [n: number, events: number, inSync: boolean])[],
): WatchedArray {
  return watchedMirror(ROOT, {
    members: members.map(([n, events, inSync]) => ({
      deviceUuid: disk(n),
      role: n,
      disk: { byId: `ata-${n}`, model: null, serial: null, sizeBytes: null },
      ledger: { events, updateTimeMs: NOW - DAY + events * 1000, inSync },
    })),
  });
}

const listOf = (...arrays: WatchedArray[]): Watchlist => ({
  schema: WATCHLIST_SCHEMA,
  hostName: '',
  settings: DEFAULT_SETTINGS,
  arrays,
  tree: [],
  warnings: [],
});

const IMAGE = watchedArray([
  [0, 20, true],
  [1, 20, true],
]);

/** Role and device of those that the boot will take for in sync, after the ledgers. */
const inSyncAfter = (ledgers: readonly Ledger[], nowMs = NOW): string =>
  (applyLedger(listOf(IMAGE), ledgers, nowMs).arrays[0]?.members ?? [])
    .filter(({ ledger }) => ledger.inSync)
    .map(({ role, ledger }) => `${role}@${ledger.events}`)
    .join(' ');

t.test('CRC-32 is the usual one', async (t) => {
  t.equal(crc32('123456789'), 0xcbf43926);
  t.equal(crc32(''), 0);
});

const anyUuid = fc
  .array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 4, maxLength: 4 })
  .map((words) => words.map((word) => word.toString(16).padStart(8, '0')).join(':') as MdUuid);
const anyCount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const anyEntry = fc
  .record({
    arrayUuid: anyUuid,
    recordedAtMs: anyCount,
    events: anyCount,
    updateTimeMs: anyCount,
    numbered: fc.boolean(),
    disks: fc.uniqueArray(anyUuid, { minLength: 1, maxLength: 6 }),
  })
  .map(
    ({ numbered, disks, ...entry }): LedgerEntry => ({
      ...entry,
      inSync: disks.map((uuid, role) => ({
        deviceUuid: numbered ? `${entry.arrayUuid}/${role}` : uuid,
        role,
      })),
    }),
  );
const anyLedger = fc
  .uniqueArray(anyEntry, { maxLength: 5, selector: ({ arrayUuid }) => arrayUuid })
  .map((entries): Ledger => ({ entries }));

t.test('any ledger survives its text', async () => {
  fc.assert(
    fc.property(anyLedger, (ledger) => {
      const { text, leftOut } = formatLedgerText(ledger, 10_000);
      const read = parseLedgerText(text, 'x');
      return leftOut.length === 0 && read.ok && JSON.stringify(read.value) === JSON.stringify(ledger);
    }),
  );
});

t.test('a text that was changed in any way is refused, or it means the same (S12)', async () => {
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

t.test('hostile text: an answer, never an exception', async () => {
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

t.test('what is no ledger of this version says so', async (t) => {
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

t.test('what does not fit is left out, the least important first', async (t) => {
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

t.test('importance: what / stands on, other mounts, resume', async (t) => {
  const arrays = [['resume'], ['/usr'], ['resume', '/']].map((neededBy, n) => ({
    ...IMAGE,
    uuid: uuidOf(n),
    neededBy,
  }));
  t.same(byImportance(listOf(...arrays)), [uuidOf(2), uuidOf(1), uuidOf(0)]);
});

t.test('NVRAM is written when the set of members in sync changed, and only then', async (t) => {
  const before = entryOf([0, 1], 20);
  t.equal(changed(undefined, before), true);
  t.equal(changed(before, entryOf([0, 1], 5000)), false, 'events alone');
  t.equal(changed(before, entryOf([0, 1], 19)), false, 'md took one event back');
  t.equal(changed(before, entryOf([0, 1], 10)), true, 'restored from a backup');
  t.equal(changed(before, entryOf([0], 22)), true);
  t.equal(changed(entryOf([0], 22), before), true, 'rebuilt');
  t.equal(changed(before, { ...before, inSync: [...before.inSync].reverse() }), false, 'another order');
  const swapped = before.inSync.map(({ deviceUuid, role }) => ({ deviceUuid, role: 1 - role }));
  t.equal(changed(before, { ...before, inSync: swapped }), true, 'slots were changed');
});

t.test('which place wins', async (t) => {
  const alone = entryOf([0], 25);
  t.equal(inSyncAfter([]), '0@20 1@20', 'no ledger: the image');
  t.equal(inSyncAfter([ledgerOf(alone)]), '0@25', 'disk 0 ran alone since the image was built');
  t.equal(inSyncAfter([ledgerOf(entryOf([0], 20))]), '0@20', 'equal: the more trusted');
  t.equal(inSyncAfter([ledgerOf(entryOf([0], 10))]), '0@20 1@20', 'the image was rebuilt since');
  t.equal(inSyncAfter([ledgerOf(), ledgerOf(alone)]), '0@25', 'a place that knows nothing of it');
  t.equal(inSyncAfter([ledgerOf(entryOf([1], 23)), ledgerOf(alone)]), '0@25', 'later events, later date');
});

t.test('a clock that lost its time hides nothing newer', async (t) => {
  for (const date of [0, 1000, Date.UTC(2023, 11, 31), NOW + 30 * DAY, Number.MAX_SAFE_INTEGER]) {
    t.equal(inSyncAfter([ledgerOf(entryOf([0], 25, date))]), '0@25', `recorded ${date}`);
    t.equal(inSyncAfter([ledgerOf(entryOf([0], 10, date))]), '0@20 1@20', `an old one, recorded ${date}`);
  }
  const wrongButPlausible = NOW - 700 * DAY;
  t.equal(
    inSyncAfter([ledgerOf(entryOf([0], 25, wrongButPlausible))]),
    '0@25',
    'more events in the most trusted',
  );
  for (const now of [0, 1000, NOW])
    t.equal(inSyncAfter([ledgerOf(entryOf([0], 25))], now), '0@25', `now ${now}`);
});

t.test('two lines of one array: the later date decides, not the larger count', async (t) => {
  const chosen = entryOf([1], 15, NOW - 1000);
  t.equal(inSyncAfter([ledgerOf(chosen)]), '1@15', 'disk 1 was chosen later, with fewer events');
  t.equal(inSyncAfter([ledgerOf(chosen)], 0), '0@20 1@20', 'where no clock can tell, the events do');
});

t.test(
  'S6: the half that stayed behind is stale with the ledger, though its own image calls it whole',
  async (t) => {
    const member = {
      device: 'sdb1',
      boundTo: null,
      faulty: false,
      superblock: {
        metadata: '1.2',
        arrayUuid: ROOT,
        deviceUuid: disk(1),
        name: 'root',
        level: 1,
        layout: 0,
        chunkBytes: 0,
        raidDevices: 2,
        deviceNumber: 1,
        role: 1,
        slots: ['active', 'active'],
        slotHolders: [[0], [1]],
        events: 20,
        updateTimeMs: NOW - DAY,
        clean: true,
        hasBitmap: false,
        needsJournal: false,
        reshaping: false,
        recoveryOffsetSectors: null,
      },
    } as const;
    const judge = (...ledgers: Ledger[]) => {
      const [array = IMAGE] = applyLedger(listOf(IMAGE), ledgers, NOW).arrays;
      const verdict = judgeArray(array, { members: [member], arrays: [] });
      return verdict.kind === 'unsafe' ? verdict.reason.code : verdict.kind;
    };
    t.equal(judge(), 'startable', 'nothing outside of the disk knows it');
    t.equal(judge(ledgerOf(entryOf([0], 25))), 'stale');
    t.equal(judge(ledgerOf(entryOf([0], 21))), 'split-brain', 'S5: too close for events, but out of sync');
    t.equal(judge(ledgerOf(entryOf([1], 25))), 'startable', 'the other one was lost');
    t.equal(judge(ledgerOf(entryOf([7], 25))), 'stale', 'a disk that the image does not know');
  },
);

t.test('members: unknown ones are added, those not in sync are called so, others stay', async (t) => {
  const journal = {
    deviceUuid: disk(9),
    role: 'journal' as const,
    disk: { byId: null, model: null, serial: null, sizeBytes: null },
    ledger: { events: 20, updateTimeMs: 0, inSync: true },
  };
  const array = { ...IMAGE, members: [...IMAGE.members, journal] };
  const successor = {
    ...entryOf([0], 30),
    inSync: [
      { deviceUuid: disk(0), role: 0 },
      { deviceUuid: disk(7), role: 1 },
    ],
  };
  const [after] = applyLedger(listOf(array), [ledgerOf(successor)], NOW).arrays;
  t.match(after?.members, [
    { deviceUuid: disk(0), role: 0, disk: { byId: 'ata-0' }, ledger: { events: 30, inSync: true } },
    { deviceUuid: disk(1), role: 1, disk: { byId: 'ata-1' }, ledger: { events: 20, inSync: false } },
    { deviceUuid: disk(9), role: 'journal', ledger: { inSync: true } },
    { deviceUuid: disk(7), role: 1, disk: { byId: null }, ledger: { events: 30, inSync: true } },
  ]);
  t.same(believedEntry(array, [ledgerOf(successor)], NOW), { entry: successor, from: 0 });
  const spare = { ...array, members: [{ ...journal, role: 'spare' as const }] };
  t.equal(believedEntry(spare, [], NOW), null);
  t.match(
    applyLedger(listOf(spare), [ledgerOf({ ...successor, inSync: [{ deviceUuid: disk(9), role: 1 }] })], NOW),
    {
      arrays: [{ members: [{ role: 1, ledger: { events: 30, inSync: true } }] }],
    },
  );
});

t.test('applying ledgers is total, and keeps arrays, names and disks', async () => {
  const mine = anyEntry.map((entry): LedgerEntry => ({ ...entry, arrayUuid: ROOT }));
  fc.assert(
    fc.property(
      fc.array(
        mine.map((entry) => ledgerOf(entry)),
        { maxLength: 4 },
      ),
      anyCount,
      (ledgers, now) => {
        const [after] = applyLedger(listOf(IMAGE), ledgers, now).arrays;
        const entry = believedEntry(IMAGE, ledgers, now)?.entry;
        const inSync = after?.members
          .filter(({ ledger }) => ledger.inSync)
          .map(({ deviceUuid }) => deviceUuid);
        const kept = IMAGE.members.every(({ deviceUuid }) =>
          after?.members.some((member) => member.deviceUuid === deviceUuid && member.disk.byId !== null),
        );
        return (
          kept &&
          JSON.stringify(inSync?.sort()) === JSON.stringify(entry?.inSync.map((m) => m.deviceUuid).sort())
        );
      },
    ),
  );
  fc.assert(
    fc.property(fc.array(mine, { minLength: 1 }), anyCount, (entries, now) => {
      const newest = newestEntry(entries, now);
      return newest !== null && entries.includes(newest);
    }),
  );
});

const running = (entry: LedgerEntry, more: Partial<ObservedEntry> = {}): ObservedEntry => ({
  ...entry,
  device: 'md0',
  seen: entry.inSync.map(({ deviceUuid }) => ({ deviceUuid, lastSeenMs: NOW, events: entry.events })),
  unwritten: false,
  ...more,
});

t.test('recording: what runs anew, what does not as it was, what was not written to as it was', async (t) => {
  const other = { ...entryOf([0, 1], 9), arrayUuid: uuidOf(2) };
  const before = keptLedger({ entries: [] }, [running(entryOf([0, 1], 20)), running(other)]);
  t.equal(before.entries.length, 2);
  const after = keptLedger(before, [running(entryOf([0], 25))]);
  t.match(after.entries, [
    { arrayUuid: ROOT, events: 25, inSync: { length: 1 }, seen: { length: 2 } },
    { arrayUuid: uuidOf(2), events: 9 },
  ]);
  const readAuto = keptLedger(before, [running(entryOf([0], 20), { unwritten: true })]);
  t.match(readAuto.entries[0], { inSync: { length: 2 } }, 'nothing was written without disk 1');

  const watched = [uuidOf(2), ROOT, uuidOf(3)];
  const small = watchedLedger(watched, [running(entryOf([0], 25))], ledgerOf(entryOf([0, 1], 20)), after);
  t.match(small.entries, [{ arrayUuid: uuidOf(2) }, { arrayUuid: ROOT, inSync: { length: 1 } }]);
  t.notOk('seen' in (small.entries[1] ?? {}), 'only what the small places hold');
  const unwritten = watchedLedger(watched, [running(entryOf([0], 20), { unwritten: true })], null, before);
  t.match(unwritten.entries[1], { inSync: { length: 2 } });
  t.equal(planText(small, small, 2044).needed, false);
  t.equal(planText(small, null, 2044).needed, true);
  t.equal(planText({ entries: [] }, null, 2044).needed, false, 'nothing to say');
});

t.test('the file of the running system', async (t) => {
  const kept: KeptLedger = keptLedger({ entries: [] }, [running(entryOf([0, 1], 20))]);
  t.same(parseLedgerFile(formatLedgerFile(kept), 'x'), { ok: true, value: kept });
  // biome-ignore lint/suspicious/noExplicitAny: tests put wrong types in on purpose
  const damaged = (change: (json: Record<string, any>) => void): string => {
    const json = JSON.parse(formatLedgerFile(kept));
    change(json);
    return JSON.stringify(json);
  };
  const refused: [string, string, RegExp][] = [
    ['cut', formatLedgerFile(kept).slice(0, -9), /truncated or damaged/],
    ['newer', damaged((l) => (l['schema'] = 'reliable-raid/ledger/2')), /must be one of/],
    ['uuid', damaged((l) => (l['entries'][0].arrayUuid = 'zz')), /not an md UUID/],
    ['none in sync', damaged((l) => (l['entries'][0].inSync = [])), /is empty/],
    ['device', damaged((l) => (l['entries'][0].inSync[0].deviceUuid = 'x\n')), /not the UUID of a member/],
    ['role', damaged((l) => (l['entries'][0].inSync[0].role = 'spare')), /whole number/],
    ['events', damaged((l) => (l['entries'][0].events = -1)), /must be from/],
    ['twice', damaged((l) => l['entries'].push(l['entries'][0])), /an array twice/],
  ];
  for (const [name, text, why] of refused) t.match(parseLedgerFile(text, 'x'), { ok: false, why }, name);
  const many = Array.from({ length: 200 }, (_, n) => ({ deviceUuid: disk(n), lastSeenMs: n, events: n }));
  t.equal(mergeSeen(many, many.slice(0, 1)).length, 128, 'bounded');
});

t.test('how it is shown', async (t) => {
  t.same(
    [0, 59_999, 60_000, 7_200_000, DAY, 400 * DAY, -DAY].map((age) => ageWords(NOW - age, NOW)),
    ['just now', 'just now', '1 minute ago', '2 hours ago', '1 day ago', '400 days ago', 'in the future'],
  );
  const entry = entryOf([0, 1], 20);
  const text = renderLedger(
    {
      label: 'root',
      uuid: ROOT,
      now: null,
      lines: [{ place: `/x\x1b[2J${'y'.repeat(99)}`, entry, believed: true }],
    },
    NOW,
  );
  t.match(text, /^ {2}\* \/x/m);
  t.match(text, /in sync: role 0, 1; 20 events, written \d{4}-/);
  t.match(text, /it is not running now/);
  t.ok(text.split('\n').every((line) => line.length <= 79 && /^[\x20-\x7e]*$/.test(line)));
});
