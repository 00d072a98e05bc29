import { test } from 'tap';
import { readOtherArrayFacts, readPolicies } from '../../../../src/app/after-boot/other-array-facts.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { DEFAULT_POLICIES } from '../../../../src/core/configuration/array-policies.ts';
import { formatLedgerFile } from '../../../../src/core/ledger/ledger-file.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const CONFIG = '/etc/reliable-raid/config.toml';
const IN_CONF = '11111111:22222222:33333333:44444444' as MdUuid;
const IN_LEDGER = '11111111:22222222:33333333:55555555' as MdUuid;
const FOREIGN = '11111111:22222222:33333333:77777777' as MdUuid;

const machineOf = (
  texts: Readonly<Record<string, string>>,
  answers: Parameters<typeof answeringRunner>[0] = () => null,
) => ({ files: new MemoryFiles(texts), runner: answeringRunner(answers), paths: REAL_PATHS });

test('without a configuration nobody is asked', async (t) => {
  const machine = machineOf({});
  t.same(await readPolicies(machine), { ok: true, value: DEFAULT_POLICIES });
  t.same(machine.runner.calls, []);
});

test('the full program says what the files say, also where a line of them is wrong', async (t) => {
  const value = (each: unknown) => ({ value: each, from: null });
  const settings = {
    ...{ wait: value(7), degraded: value('ask'), foreign: value('never'), unmounted: value('ask') },
    ...{ max_wait: value(60), notice_after: value(5), stale: value('ask') },
  };
  const stdout = JSON.stringify({ schema: 'reliable-raid/config/1', settings, arrays: [] });
  for (const [status, path] of [
    [0, CONFIG],
    [1, '/etc/reliable-raid/config.d/a.toml'],
  ] as const) {
    const read = await readPolicies(machineOf({ [path]: '' }, () => ({ status, stdout })));
    t.match(read, { ok: true, value: { general: { waitMs: 7000, degraded: 'ask' }, noticeAfterMs: 5000 } });
  }
});

test('where it cannot say so, no default takes its place', async (t) => {
  t.match(await readPolicies(machineOf({ [CONFIG]: '' })), { ok: false });
  const damaged = machineOf({ [CONFIG]: '' }, () => ({ status: 0, stdout: 'no JSON' }));
  t.match(await readPolicies(damaged), { ok: false });
});

test('every record of this machine counts, but for that of what was only plugged in', async (t) => {
  const list = sampleWatchlist(1);
  const entry = {
    ...{ arrayUuid: IN_LEDGER, device: 'md5', recordedAtMs: 1, events: 5, updateTimeMs: 1, seen: [] },
    inSync: [{ deviceUuid: '11111111:22222222:33333333:66666666', role: 0 }],
    foreign: false,
  };
  const facts = await readOtherArrayFacts(
    machineOf({
      '/var/lib/reliable-raid/watchlist.json': formatWatchlist(list),
      '/var/lib/reliable-raid/ledger.json': formatLedgerFile({
        entries: [entry, { ...entry, arrayUuid: FOREIGN, foreign: true }],
      }),
      '/etc/mdadm/mdadm.conf': `ARRAY /dev/md/home UUID=${IN_CONF}\nARRAY /dev/md9 devices=/dev/sda\n`,
      '/proc/sys/kernel/hostname': 'box\n',
      '/etc/hostname': 'old\n',
    }),
    DEFAULT_POLICIES,
    'never',
  );
  t.same([...facts.recorded].sort(), [IN_CONF, IN_LEDGER, ...list.arrays.map(({ uuid }) => uuid)].sort());
  t.same(facts.hostNames, ['box', 'old']);
  t.equal(facts.degraded, 'never');
  t.equal(facts.listed.size, 1);
});

test('a machine that says nothing has no name and no record', async (t) => {
  const facts = await readOtherArrayFacts(
    machineOf({ '/proc/sys/kernel/hostname': '(none)\n' }),
    DEFAULT_POLICIES,
    null,
  );
  t.same(facts.hostNames, []);
  t.equal(facts.recorded.size, 0);
});
