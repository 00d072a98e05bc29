import { test } from 'tap';
import { type StartRequest, start } from '../../../../src/app/start/start.ts';
import type { StartDialogue } from '../../../../src/app/start/start-dialogue.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { encode1 } from '../../../support/encode-superblock.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const { arrays: ARRAYS } = sampleWatchlist(2);

async function run(
  request: Partial<StartRequest>,
  texts: Readonly<Record<string, string>> = {},
  denied: readonly string[] = [],
) {
  const listed: string[] = [];
  const dialogue: StartDialogue = {
    list: ({ arrays }) => void listed.push(...arrays.map(({ uuid }) => uuid)),
    choose: async () => Promise.reject(new Error('there is nothing to choose')),
    say: () => undefined,
  };
  const path = '/etc/reliable-raid/watchlist.json';
  const files = new MemoryFiles({ [path]: formatWatchlist(sampleWatchlist(2)), ...texts });
  for (const each of denied) files.broken.set(each, { reason: 'denied', detail: 'EACCES' });
  const machine = { ...idleMachine(new LeapingClock(), files), runner: answeringRunner() };
  const findings = await start(
    machine,
    { arrays: [], dryRun: true, watchlistPath: path, ...request },
    dialogue,
  );
  const mdadmCalls = machine.runner.calls.filter((call) => call.startsWith('mdadm'));
  return { findings, listed, mdadmCalls };
}

test('a dry run lists every array and runs nothing', async (t) => {
  const { findings, listed, mdadmCalls } = await run({});
  t.same(findings, { kind: 'dry-run', plans: [] });
  t.same(mdadmCalls, []);
  t.same(
    listed,
    ARRAYS.map(({ uuid }) => uuid),
  );
});

test('as an ordinary user nothing is listed as missing', async (t) => {
  const texts = {
    '/sys/class/block/sda1/dev': '8:1\n',
    '/sys/class/block/sda1/size': '4096\n',
    '/run/udev/data/b8:1': 'E:ID_FS_TYPE=linux_raid_member\n',
    '/dev/sda1': '',
  };
  const { findings, listed } = await run({}, texts, ['/dev/sda1']);
  t.match(findings, { kind: 'denied', members: [{ device: 'sda1', why: /run it as root/ }] });
  t.same(listed, []);
});

test('arrays by name, node or UUID; one that is not listed is an error', async (t) => {
  const [first] = ARRAYS;
  for (const text of [first?.name, first?.devicePath, first?.devicePath.replace('/dev/', ''), first?.uuid])
    t.match(await run({ arrays: [text ?? ''] }), { findings: { kind: 'dry-run' } }, `${text}`);
  t.match(await run({ arrays: ['nothing\x1b'] }), {
    findings: { kind: 'not-listed', array: 'nothing\x1b' },
    listed: { length: 0 },
  });
});

test('an array that is asked for brings those that it stands on', async (t) => {
  const down = async (...arrays: string[]) => {
    const { findings } = await run({ arrays, dryRun: false });
    return findings.kind === 'started' ? findings.down.map(({ uuid }) => uuid) : [];
  };
  const [lower = '', upper = ''] = ARRAYS.map(({ uuid }) => uuid);
  t.same(await down(upper), [lower, upper]);
  t.same(await down(lower), [lower]);
});

test('without a watchlist', async (t) => {
  t.match(await run({ watchlistPath: '/gone' }), {
    findings: { kind: 'no-watchlist', at: '/gone' },
    listed: { length: 0 },
  });
});

test('nothing there: nothing started, and it says so', async (t) => {
  const { findings, mdadmCalls } = await run({ dryRun: false });
  t.match(findings, { kind: 'started', down: ARRAYS.map(({ uuid }) => ({ uuid })) });
  t.same(mdadmCalls, []);
});

test('on the running system without a list: what does not run, by its superblock', async (t) => {
  const texts = {
    '/sys/class/block/sda1/dev': '8:1\n',
    '/sys/class/block/sda1/size': '8192\n',
    '/run/udev/data/b8:1': 'E:ID_FS_TYPE=linux_raid_member\nE:ID_FS_VERSION=1.2\n',
  };
  const disk = new Uint8Array(8192 * 512);
  disk.set(encode1({}, 8), 4096);
  const files = new MemoryFiles(texts);
  files.bytes.set('/dev/sda1', disk);
  const machine = { ...idleMachine(new LeapingClock(), files), runner: answeringRunner() };
  const listed: string[] = [];
  const dialogue: StartDialogue = {
    list: ({ arrays }) => void listed.push(...arrays.map(({ name }) => name)),
    choose: async () => null,
    say: () => undefined,
  };
  const watchlistPath = '/etc/reliable-raid/watchlist.json';
  const request = { arrays: ['root'], dryRun: true, watchlistPath };
  t.match(await start(machine, request, dialogue), {
    kind: 'dry-run',
    plans: [{ command: 'mdadm --incremental /dev/sda1', thenRun: true }],
  });
  t.same(listed, ['root']);
  t.match(await start(machine, { ...request, arrays: ['home'] }, dialogue), { kind: 'not-listed' });
  files.texts.set('/etc/reliable-raid/arrays', '');
  t.match(await start(machine, request, dialogue), { kind: 'no-watchlist' }, 'a boot image without its list');
});
