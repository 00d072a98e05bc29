import { test } from 'tap';
import { type BootStage, boot, EXIT_BROKEN, EXIT_HANDOVER, EXIT_UP } from '../../../../src/app/boot/boot.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

async function run(stage: BootStage, texts: Readonly<Record<string, string>> = {}, patienceMs = 0) {
  const said: string[] = [];
  const path = '/etc/reliable-raid/watchlist.json';
  const files = new MemoryFiles({ [path]: formatWatchlist(sampleWatchlist(1)), ...texts });
  const clock = new LeapingClock();
  const written: string[] = [];
  const idle = idleMachine(clock, files);
  const machine = {
    ...idle,
    runner: answeringRunner(),
    consoles: {
      ...idle.consoles,
      open: async () => [{ name: 'test', write: (text: string) => void written.push(text) }],
    },
  };
  const request = { stage, limitAtMs: clock.nowMs() + patienceMs, watchlistPath: path, root: null };
  const status = await boot(request, machine, (line) => void said.push(line));
  const report = files.texts.get('/run/reliable-raid/boot.json');
  return {
    status,
    said: said.join('\n'),
    shown: written.join(''),
    report: report === undefined ? null : JSON.parse(report),
    isNews: files.texts.has('/run/reliable-raid/notify-due'),
  };
}
const CMDLINE = '/proc/cmdline';

test('what is broken or switched off gives the fallback back', async (t) => {
  t.match(await run('before-passphrase', { '/etc/reliable-raid/watchlist.json': '{' }), {
    status: EXIT_BROKEN,
    report: null,
  });
  t.match(await run('before-passphrase', { [CMDLINE]: 'reliable_raid=off' }), {
    status: EXIT_BROKEN,
    said: /reliable_raid=off/,
    isNews: false,
  });
  t.match(await run('release', { [CMDLINE]: 'reliable_raid.wait=x' }), {
    status: EXIT_UP,
    said: /reliable_raid\.wait=x/,
    isNews: true,
  });
});

test('nothing comes: handed over', async (t) => {
  const { status, report } = await run('all', {
    [CMDLINE]: 'reliable_raid.wait=0 reliable_raid.max_wait=0',
  });
  t.equal(status, EXIT_HANDOVER);
  t.equal(report?.outcome, 'handover');
});

test('an image with systemd and a locked root promises no shell', async (t) => {
  const at = { [CMDLINE]: 'reliable_raid.wait=20', '/etc/shadow': 'root:*:19000:::::::\n' };
  t.match(
    (await run('all', at, 180_000)).shown,
    '[Return] rescue shell',
    "the generator's own shell asks nobody",
  );
  const { shown } = await run('all', { ...at, '/run/systemd/system/x': '' }, 180_000);
  t.match(shown, 'no rescue shell');
  t.notMatch(shown, '[Return]');
});

test('an image with systemd: its status line has an empty line of ours above the seconds', async (t) => {
  const at = { [CMDLINE]: 'reliable_raid.wait=20' };
  t.match((await run('all', at, 180_000)).shown, /Seconds [^\n]*:\n {2,}\d+ s/);
  const { shown } = await run('all', { ...at, '/run/systemd/system/x': '' }, 180_000);
  t.match(shown, /Seconds [^\n]*:\n\n {2,}\d+ s/);
});

test("the mark of the image's first script is believed only where it can be one", async (t) => {
  const mark = '/run/reliable-raid/discovery';
  const nowMs = new LeapingClock().nowMs();
  const cmdline = { [CMDLINE]: 'reliable_raid.wait=0 reliable_raid.max_wait=0' };
  const discovery = async (text: string) =>
    (await run('all', { ...cmdline, [mark]: text })).report?.discoveryAtMs;
  const early = nowMs - 1000;
  t.equal(Math.round(await discovery(`${early / 1000}\n`)), Math.round(early));
  for (const text of ['', 'x', `${nowMs / 1000 + 1000}`, `${nowMs / 1000 - 4000}`])
    t.equal(await discovery(text), nowMs, text);
});
