import { test } from 'tap';
import { VARIABLE_NAME } from '../../../../src/app/ledger/efi-variable.ts';
import { loadWatchlistWithLedger } from '../../../../src/app/ledger/watchlist-with-ledger.ts';
import type { LedgerEntry } from '../../../../src/core/ledger/ledger.ts';
import { formatLedgerFile } from '../../../../src/core/ledger/ledger-file.ts';
import { formatLedgerText, MAX_VARIABLE_TEXT } from '../../../../src/core/ledger/ledger-text.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { DAY, disk, entryOf, IMAGE, listOf, NOW, ROOT, uuidOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const LIST = '/list.json';
const VARIABLE = `/sys/firmware/efi/efivars/${VARIABLE_NAME}`;
const FILE = '/var/lib/reliable-raid/ledger.json';
const inVariable = (...entries: readonly LedgerEntry[]) => ({
  [VARIABLE]: `\x07\0\0\0${formatLedgerText({ entries }, MAX_VARIABLE_TEXT).text}`,
});
const inFile = (...entries: readonly LedgerEntry[]) => ({
  [FILE]: formatLedgerFile({
    entries: entries.map((entry) => ({ ...entry, device: 'md0', seen: [], foreign: false })),
  }),
});
/** A mirror whose image saw events 20 of both members, a day ago. */
const SYSTEM = {
  [LIST]: formatWatchlist(listOf(IMAGE)),
  '/proc/stat': `btime ${NOW / 1000 - 100}\n`,
  '/proc/uptime': '100.00 1.00\n',
};

async function load(texts: Readonly<Record<string, string>>) {
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const machine = {
    ...idleMachine(clock, new MemoryFiles(texts)),
    runner: answeringRunner(() => ({})),
  };
  const loaded = await loadWatchlistWithLedger(machine, LIST);
  const found = loaded.ok ? loaded.value : null;
  const [array] = found?.watchlist.arrays ?? [];
  return {
    loaded,
    calls: machine.runner.calls,
    notes: found?.notes,
    isCurrent: array?.ledgerIsCurrent ?? false,
    inSync: array?.members.filter(({ ledger }) => ledger.inSync).map(({ deviceUuid }) => deviceUuid),
  };
}
const noteOf = (place: string, { recordedAtMs, events, inSync }: LedgerEntry) => ({
  ...{ kind: 'ledger', array: ROOT, place, recordedAtMs, events },
  inSyncCount: inSync.length,
});

const later = entryOf([1], 30);
const rows: readonly {
  readonly what: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly notes: readonly unknown[];
  readonly inSync: readonly number[];
  readonly isCurrent: boolean;
}[] = [
  { what: 'nothing but the image', texts: {}, notes: [], inSync: [0, 1], isCurrent: false },
  {
    what: 'a file that knows more',
    texts: inFile(later),
    notes: [noteOf(FILE, later)],
    inSync: [1],
    isCurrent: true,
  },
  {
    what: 'a variable and a file that know the same: the more trusted one',
    texts: { ...inVariable(later), ...inFile(later) },
    notes: [noteOf('EFI variable', later)],
    inSync: [1],
    isCurrent: true,
  },
  {
    what: 'a file that is ahead of the variable',
    texts: { ...inVariable(later), ...inFile(entryOf([0], 40)) },
    notes: [noteOf(FILE, entryOf([0], 40))],
    inSync: [0],
    isCurrent: true,
  },
  {
    what: 'a place that is behind the image',
    texts: inFile(entryOf([1], 10)),
    notes: [],
    inSync: [0, 1],
    isCurrent: false,
  },
  {
    what: 'a date of tomorrow is that of a clock that has lost its time: the events decide',
    texts: { ...inVariable(entryOf([1], 30, NOW + 5 * DAY)), ...inFile(entryOf([0], 40)) },
    notes: [noteOf(FILE, entryOf([0], 40))],
    inSync: [0],
    isCurrent: true,
  },
  {
    what: 'a place that speaks of another array only',
    texts: inFile({ ...later, arrayUuid: uuidOf(9) }),
    notes: [],
    inSync: [0, 1],
    isCurrent: false,
  },
  {
    what: 'a damaged place is named, and the next one believed',
    texts: { [VARIABLE]: 'x', ...inFile(later) },
    notes: [
      {
        ...{ kind: 'ledger-ignored', place: 'EFI variable' },
        detail: 'has attributes that reliable-raid does not set',
      },
      noteOf(FILE, later),
    ],
    inSync: [1],
    isCurrent: true,
  },
];

for (const { what, texts, notes, inSync, isCurrent } of rows)
  test(what, async (t) => {
    const found = await load({ ...SYSTEM, ...texts });
    t.strictSame(found.notes, notes);
    t.same(found.inSync, inSync.map(disk));
    t.equal(found.isCurrent, isCurrent);
  });

test('only an image mounts the variables', async (t) => {
  const efi = { ...SYSTEM, '/sys/firmware/efi/fw': '' };
  t.same((await load(efi)).calls, []);
  t.match((await load({ ...efi, '/etc/reliable-raid/arrays': '' })).calls, [/^mount -t efivarfs /]);
});

test('a watchlist that is not there or damaged: no ledger helps, nothing is mounted', async (t) => {
  const image = { '/sys/firmware/efi/fw': '', '/etc/reliable-raid/arrays': '' };
  for (const texts of [image, { ...image, [LIST]: '{' }]) {
    const { loaded, calls } = await load(texts);
    t.match(loaded, { ok: false });
    t.same(calls, []);
  }
});
