import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { allSeen, readRecorded } from '../../../../src/app/rejoin/recorded-members.ts';
import { formatLedgerFile } from '../../../../src/core/ledger/ledger-file.ts';
import { keptLedger } from '../../../../src/core/ledger/plan-record.ts';
import { disk, entryOf, ROOT, running, uuidOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const PATH = '/var/lib/reliable-raid/ledger.json';
const recorded = (text: string | null, uuid = ROOT) =>
  readRecorded({ files: new MemoryFiles(text === null ? {} : { [PATH]: text }), paths: REAL_PATHS }, uuid);

test('what was recorded of an array, and every member that was ever seen in it', async (t) => {
  const before = keptLedger({ entries: [] }, [running(entryOf([0, 1], 20))]);
  const text = formatLedgerFile(keptLedger(before, [running(entryOf([0], 25))]));
  const found = await recorded(text);
  t.same([...(found?.inSync ?? [])], [disk(0)]);
  t.same([...(allSeen(found) ?? [])].sort(), [disk(0), disk(1)]);
});

test('nothing was recorded: null, not nobody', async (t) => {
  const text = formatLedgerFile(keptLedger({ entries: [] }, [running(entryOf([0, 1], 20))]));
  t.equal(await recorded(null), null);
  t.equal(await recorded('{'), null);
  t.equal(await recorded(text, uuidOf(9)), null);
  t.equal(allSeen(null), null);
});
