import { test } from 'tap';
import { awaitingWrite, keptLedger, planText, watchedLedger } from '../../../src/core/ledger/plan-record.ts';
import { entryOf, ledgerOf, ROOT, running, uuidOf } from '../../support/ledger-entries.ts';

test('recording: what runs anew, what does not as it was, what was not written to as it was', async (t) => {
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

  const guest = keptLedger(before, [running({ ...other, arrayUuid: uuidOf(9) }, { foreign: true })]);
  const foreignOf = (entries: typeof guest.entries, uuid: string) =>
    entries.find(({ arrayUuid }) => arrayUuid === uuid)?.foreign;
  t.equal(foreignOf(guest.entries, uuidOf(9)), true);
  const again = { ...other, arrayUuid: uuidOf(9) };
  t.equal(foreignOf(keptLedger(guest, [running(again, { foreign: true })]).entries, uuidOf(9)), true);
  for (const unwritten of [true, false]) {
    const needed = keptLedger(guest, [running(again, { unwritten })]);
    t.equal(foreignOf(needed.entries, uuidOf(9)), false, 'something of this machine stands on it now');
    const unmounted = keptLedger(needed, [running(again, { foreign: true, unwritten })]);
    t.equal(foreignOf(unmounted.entries, uuidOf(9)), false, "and it stays this machine's");
  }

  const without1 = entryOf([0], 20);
  const unused = { unwritten: true };
  t.same(
    awaitingWrite([before], [running(without1, unused)]),
    ['md0'],
    'started without disk 1, and not used',
  );
  const small0 = ledgerOf(entryOf([0, 1], 20));
  t.same(awaitingWrite([after, small0], [running(without1, unused)]), ['md0'], 'one of two records');
  t.same(awaitingWrite([], [running(without1, unused)]), [], 'no record is wrong');
  t.same(awaitingWrite([before], [running(without1)]), [], 'it is recorded now');
  t.same(awaitingWrite([before], [running(entryOf([0, 1], 20), unused)]), [], 'whole');
  t.same(awaitingWrite([after], [running(entryOf([0], 25), unused)]), [], 'as recorded');

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
