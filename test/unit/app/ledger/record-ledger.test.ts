import { test } from 'tap';
import { VARIABLE_NAME } from '../../../../src/app/ledger/efi-variable.ts';
import { readLedgers } from '../../../../src/app/ledger/read-ledgers.ts';
import { recordLedger } from '../../../../src/app/ledger/record-ledger.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { ledgerPlaces } from '../../../../src/app/own-places.ts';
import type { LedgerEntry } from '../../../../src/core/ledger/ledger.ts';
import { formatLedgerFile, parseLedgerFile } from '../../../../src/core/ledger/ledger-file.ts';
import {
  formatLedgerText,
  MAX_LEDGER_TEXT,
  MAX_VARIABLE_TEXT,
  parseLedgerText,
} from '../../../../src/core/ledger/ledger-text.ts';
import type { ObservedEntry } from '../../../../src/core/ledger/plan-record.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { entryOf, ROOT, running, uuidOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const ATTRIBUTES = '\x07\0\0\0';
const VARIABLE = `/sys/firmware/efi/efivars/${VARIABLE_NAME}`;
const FILE = '/var/lib/reliable-raid/ledger.json';
const BOOT = '/boot/reliable-raid/ledger';
const UNWRITTEN = '/run/reliable-raid/unwritten';
const EFI = { '/sys/firmware/efi/efivars/other': '' };
const ESP = { '/proc/self/mountinfo': '1 1 8:1 / /boot rw - vfat /dev/sda1 rw\n' };
const inVariable = (...entries: readonly LedgerEntry[]) => ({
  [VARIABLE]: `${ATTRIBUTES}${formatLedgerText({ entries }, MAX_VARIABLE_TEXT).text}`,
});
const inBoot = (...entries: readonly LedgerEntry[]) => ({
  [BOOT]: formatLedgerText({ entries }, MAX_LEDGER_TEXT).text,
});
const inFile = (...entries: readonly LedgerEntry[]) => ({
  [FILE]: formatLedgerFile({
    entries: entries.map((entry) => ({ ...entry, device: 'md0', seen: [], foreign: false })),
  }),
});

interface Request {
  readonly running?: readonly ObservedEntry[];
  readonly watched?: readonly (typeof ROOT)[];
  readonly dryRun?: boolean;
  readonly broken?: readonly string[];
}

async function record(
  texts: Readonly<Record<string, string>>,
  {
    running: now = [running(entryOf([0, 1], 30))],
    watched = [ROOT],
    dryRun = false,
    broken = [],
  }: Request = {},
) {
  const files = new MemoryFiles(texts);
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const machine = { ...idleMachine(clock, files), runner: answeringRunner(() => ({})) };
  const places = ledgerPlaces(REAL_PATHS);
  const known = await readLedgers(machine, places);
  for (const path of broken) files.broken.set(path, { reason: 'error', detail: 'EIO' });
  const done = await recordLedger(machine, places, { running: now, watched, known, dryRun });
  return {
    done,
    byName: new Map(done.map((place) => [place.name, place])),
    written: files.writes.map((write) => write.split(' ', 1)[0]).filter((path) => path !== UNWRITTEN),
    mark: files.texts.get(UNWRITTEN),
    entries: {
      variable: entriesIn(files.texts.get(VARIABLE)?.slice(ATTRIBUTES.length)),
      boot: entriesIn(files.texts.get(BOOT)),
    },
    file: files.texts.get(FILE),
  };
}

function entriesIn(text: string | undefined): readonly LedgerEntry[] {
  const read = parseLedgerText(text ?? '', 'place');
  return read.ok ? read.value.entries : [];
}

test('every place that the machine has, in their order', async (t) => {
  const entry = entryOf([0, 1], 30);
  const { done, written, entries, file } = await record({ ...EFI, ...ESP });
  const place = { done: 'written', why: null, leftOut: [] };
  t.strictSame(done, [
    { name: 'EFI variable', ...place },
    { name: FILE, ...place },
    { name: BOOT, ...place },
  ]);
  t.same(written, [VARIABLE, FILE, BOOT]);
  t.same([entries.variable, entries.boot], [[entry], [entry]]);
  const kept = parseLedgerFile(file ?? '', FILE);
  t.match(kept, { value: { entries: [{ ...entry, device: 'md0', seen: [{}, {}] }] } });
});

test('a machine without EFI, with nothing mounted: the file alone', async (t) => {
  const { done, written } = await record({});
  t.match(done, [
    { name: 'EFI variable', done: 'none', why: 'this machine was not started by EFI firmware', leftOut: [] },
    { name: FILE, done: 'written' },
  ]);
  t.equal(done.length, 2);
  t.same(written, [FILE]);
});

const small: readonly {
  readonly what: string;
  readonly before: readonly LedgerEntry[] | null;
  readonly request?: Request;
  readonly done: 'written' | 'kept';
}[] = [
  { what: 'nothing is known', before: null, done: 'written' },
  { what: 'the same members', before: [entryOf([0, 1], 20)], done: 'kept' },
  { what: 'one less', before: [entryOf([0, 1, 2], 20)], done: 'written' },
  { what: 'one more', before: [entryOf([0], 20)], done: 'written' },
  { what: 'events that went backwards', before: [entryOf([0, 1], 99)], done: 'written' },
  {
    what: 'not written to since it started',
    before: [entryOf([0, 1, 2], 20)],
    request: { running: [running(entryOf([0, 1], 30), { unwritten: true })] },
    done: 'kept',
  },
  { what: 'nothing runs', before: [entryOf([0, 1], 20)], request: { running: [] }, done: 'kept' },
];

for (const { what, before, request, done } of small)
  test(`the variable and the copy beside the boot loader: ${what}`, async (t) => {
    const texts = before === null ? {} : { ...inVariable(...before), ...inBoot(...before) };
    const { byName, written } = await record({ ...EFI, ...ESP, ...texts }, request);
    t.equal(byName.get('EFI variable')?.done, done);
    t.equal(byName.get(BOOT)?.done, done);
    t.same(written, done === 'kept' ? [FILE] : [VARIABLE, FILE, BOOT]);
  });

test('a record that the first write makes wrong is marked, and the mark goes once it is made anew', async (t) => {
  const before = { ...inFile(entryOf([0, 1], 20)), [UNWRITTEN]: '' };
  const now = (unwritten: boolean) => ({ running: [running(entryOf([0], 30), { unwritten })] });
  t.equal((await record(before, now(true))).mark, 'md0\n');
  t.equal((await record(before, now(false))).mark, undefined);
  t.equal((await record(inFile(entryOf([0, 1], 20)), { ...now(true), dryRun: true })).mark, undefined);
});

test('each place is compared with what it holds itself', async (t) => {
  const { byName, written } = await record({
    ...{ ...EFI, ...ESP },
    ...{ ...inVariable(entryOf([0, 1], 20)), ...inBoot(entryOf([0], 20)) },
  });
  t.equal(byName.get('EFI variable')?.done, 'kept');
  t.equal(byName.get(BOOT)?.done, 'written');
  t.same(written, [FILE, BOOT]);
});

test('only what the boot needs goes to the small places; the file has all that ever ran', async (t) => {
  const other: LedgerEntry = { ...entryOf([4], 7), arrayUuid: uuidOf(2) };
  const former: LedgerEntry = { ...entryOf([5], 8), arrayUuid: uuidOf(3) };
  const now = [running(entryOf([0, 1], 30)), running(other)];
  const { entries, file } = await record({ ...EFI, ...inFile(former) }, { running: now });
  t.same(
    entries.variable.map(({ arrayUuid }) => arrayUuid),
    [ROOT],
  );
  const kept = parseLedgerFile(file ?? '', FILE);
  t.same(kept.ok && kept.value.entries.map(({ arrayUuid }) => arrayUuid), [ROOT, uuidOf(2), uuidOf(3)]);
});

test('what the file has kept fills the small places', async (t) => {
  const former = { ...entryOf([5], 8), arrayUuid: uuidOf(3) };
  const { entries } = await record(
    { ...EFI, ...ESP, ...inFile(former) },
    { running: [], watched: [ROOT, uuidOf(3)] },
  );
  t.same([entries.variable, entries.boot], [[former], [former]]);
});

test('no array that the boot needs is known: nothing goes to NVRAM', async (t) => {
  const { byName, written } = await record({ ...EFI, ...ESP }, { watched: [] });
  const why = 'no array that the boot needs is known';
  t.match(byName.get('EFI variable'), { done: 'none', why });
  t.equal(byName.get(BOOT)?.done, 'kept');
  t.same(written, [FILE]);
});

test('what is damaged is written anew', async (t) => {
  const { byName, entries, file } = await record({
    ...EFI,
    ...ESP,
    [VARIABLE]: 'x',
    [BOOT]: 'x',
    [FILE]: '{',
  });
  t.same(
    [...byName.values()].map(({ done }) => done),
    ['written', 'written', 'written'],
  );
  t.equal(entries.variable.length, 1);
  t.ok(parseLedgerFile(file ?? '', FILE).ok);
});

test('a place that fails does not keep the others from it', async (t) => {
  for (const [path, name] of [
    [VARIABLE, 'EFI variable'],
    [FILE, FILE],
    [BOOT, BOOT],
  ] as const) {
    const { done, written } = await record({ ...EFI, ...ESP }, { broken: [path] });
    t.same(
      done.map((place) => [place.name, place.done]),
      ['EFI variable', FILE, BOOT].map((each) => [each, each === name ? 'failed' : 'written']),
    );
    t.match(done.find(({ done: how }) => how === 'failed')?.why, /EIO/);
    t.equal(written.length, 2);
  }
});

test('a dry run says the same and writes nothing', async (t) => {
  const texts = { ...EFI, ...ESP, ...inBoot(entryOf([0, 1], 20)) };
  const { done, written } = await record(texts, { dryRun: true });
  t.same(
    done.map((place) => place.done),
    ['written', 'written', 'kept'],
  );
  t.same(written, []);
});

test('what does not fit into the variable is named, and has room elsewhere', async (t) => {
  const watched = Array.from({ length: 40 }, (_, n) => uuidOf(n + 1));
  const now = watched.map((arrayUuid) => running({ ...entryOf([0, 1], 30), arrayUuid }));
  const { byName, entries } = await record({ ...EFI, ...ESP }, { running: now, watched });
  const fit = entries.variable.length;
  t.ok(fit > 5 && fit < 40);
  t.same(byName.get('EFI variable')?.leftOut, watched.slice(fit), 'the least important');
  t.equal(byName.get('EFI variable')?.done, 'written');
  t.same(byName.get(BOOT)?.leftOut, []);
  t.equal(entries.boot.length, 40);
});
