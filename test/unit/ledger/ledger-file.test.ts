import { test } from 'tap';
import {
  disksSeen,
  formatLedgerFile,
  type KeptLedger,
  mergeSeen,
  parseLedgerFile,
} from '../../../src/core/ledger/ledger-file.ts';
import { keptLedger } from '../../../src/core/ledger/plan-record.ts';
import { disk, entryOf, running } from '../../support/ledger-entries.ts';

test('the file of the running system', async (t) => {
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
    ['foreign', damaged((l) => (l['entries'][0].foreign = 'no')), /true or false/],
    ['twice', damaged((l) => l['entries'].push(l['entries'][0])), /an array twice/],
  ];
  const older = damaged((l) => delete l['entries'][0].foreign);
  t.same(
    parseLedgerFile(older, 'x'),
    { ok: true, value: kept },
    'as it was before arrays of others were told apart',
  );
  const nameless = damaged((l) => {
    for (const seen of l['entries'][0].seen) {
      delete seen.role;
      delete seen.disk;
    }
  });
  const unnamed = kept.entries.map((entry) => ({
    ...entry,
    seen: entry.seen.map((each) => ({ ...each, role: null, disk: null })),
  }));
  t.same(
    parseLedgerFile(nameless, 'x'),
    { ok: true, value: { entries: unnamed } },
    'and before disks had names',
  );
  t.same([...disksSeen([kept, { entries: unnamed }])].length, 2);
  for (const [name, text, why] of refused) t.match(parseLedgerFile(text, 'x'), { ok: false, why }, name);
  const many = Array.from({ length: 200 }, (_, n) => ({
    ...{ deviceUuid: disk(n), lastSeenMs: n, events: n },
    ...{ role: null, disk: null },
  }));
  t.equal(mergeSeen(many, many.slice(0, 1)).length, 128, 'bounded');
});
