import { test } from 'tap';
import { type StartRequest, start } from '../../../../src/app/start/start.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

async function run(request: Partial<StartRequest>, texts: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const path = '/etc/reliable-raid/watchlist.json';
  const files = new MemoryFiles({ [path]: formatWatchlist(sampleWatchlist(2)), ...texts });
  const machine = { ...idleMachine(new LeapingClock(), files), runner: answeringRunner() };
  const status = await start(
    { arrays: [], dryRun: true, choices: [], watchlistPath: path, ...request },
    machine,
    { out: (text) => void out.push(text), err: (text) => void err.push(text) },
  );
  return { status, out: out.join('\n'), err: err.join('\n'), calls: machine.runner.calls };
}

test('a dry run lists every array and runs nothing', async (t) => {
  const { status, out, err, calls } = await run({});
  t.same([status, err, calls.filter((call) => call.startsWith('mdadm'))], [0, '', []]);
  for (const { uuid } of sampleWatchlist(2).arrays) t.match(out, uuid);
});

test('arrays by name, node or UUID; one that is not listed is an error', async (t) => {
  const [first] = sampleWatchlist(2).arrays;
  for (const text of [first?.name, first?.devicePath, first?.devicePath.replace('/dev/', ''), first?.uuid])
    t.match(await run({ arrays: [text ?? ''] }), { status: 0, err: '' }, `${text}`);
  t.match(await run({ arrays: ['nothing\x1b'] }), { status: 1, err: /nothing\\x1b/ });
});

test('without a watchlist', async (t) => {
  t.match(await run({ watchlistPath: '/gone' }), { status: 1, out: '', err: /\/gone/ });
});

test('nothing there: nothing started, and it says so by its status', async (t) => {
  const { status, calls } = await run({ dryRun: false });
  t.equal(status, 1);
  t.same(
    calls.filter((call) => call.startsWith('mdadm')),
    [],
  );
});
