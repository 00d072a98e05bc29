import fc from 'fast-check';
import { test } from 'tap';
import { applyLedger, believedEntry } from '../../../src/core/ledger/apply-ledger.ts';
import type { Ledger, LedgerEntry } from '../../../src/core/ledger/ledger.ts';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import {
  anyCount,
  anyEntry,
  DAY,
  disk,
  entryOf,
  IMAGE,
  ledgerOf,
  listOf,
  NOW,
  ROOT,
} from '../../support/ledger-entries.ts';

test('S6: the half that stayed behind is stale with the ledger, though its own image calls it whole', async (t) => {
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
});

test('members: unknown ones are added, those not in sync are called so, others stay', async (t) => {
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
  const named = { byId: 'ata-DISK_7', model: 'DISK', serial: 'S7', sizeBytes: 1e9 };
  const seen = [{ deviceUuid: disk(7), lastSeenMs: NOW, events: 30, role: 1, disk: named }];
  const kept = { entries: [{ ...successor, device: 'md0', foreign: false, seen }] };
  const [withNames] = applyLedger(listOf(array), [kept], NOW).arrays;
  t.same(withNames?.members.find(({ deviceUuid }) => deviceUuid === disk(7))?.disk, named, 'as it was seen');
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

test('applying ledgers is total, and keeps arrays, names and disks', async () => {
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
});
