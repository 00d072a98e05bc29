import { test } from 'tap';
import type { ListOfNow } from '../../../../src/app/notices/next-boot-at-risk.ts';
import { notify, notifyTest } from '../../../../src/app/notices/notify.ts';
import { ok } from '../../../../src/core/result/result.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import type { NoticeWays } from '../../../../src/ports/notice-ways.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { listOf } from '../../../support/ledger-entries.ts';
import type { MemoryFiles } from '../../../support/memory-files.ts';
import { mirrorFiles } from '../../../support/mirror-files.ts';
import { ROOT } from '../../../support/status-machines.ts';
import { watchedMirror } from '../../../support/watched-array.ts';

const LIST = listOf(watchedMirror(ROOT));
const NOW: ListOfNow = { watchlist: ok(LIST), block: null, needsUnlisted: false, warnings: [] };
const TOLD = '/var/lib/reliable-raid/told.json';
const LASTS = '/var/lib/reliable-raid/told-lasts';
const MOTD = '/run/motd.d/60-reliable-raid';

/** A machine that goes on: what lasts is kept, the date and the array are as told. */
function machineWith(
  kept: MemoryFiles | null,
  { isWhole = true, afterHours = 0, boot = 'a', mailWhy = '' } = {},
) {
  const files = mirrorFiles({ isWhole });
  files.texts.set('/var/lib/reliable-raid/watchlist.json', formatWatchlist(LIST));
  files.texts.set('/etc/reliable-raid/notify.toml', 'journal = false\nmail_to = ["me"]\n');
  for (const path of [TOLD, LASTS, '/run/reliable-raid/told.json', '/run/reliable-raid/told-lasts', MOTD]) {
    const text = kept?.texts.get(path);
    if (text !== undefined) files.texts.set(path, text);
  }
  files.texts.set('/proc/stat', `btime ${1_700_000_000 + afterHours * 3600}\n`);
  files.texts.set('/proc/sys/kernel/random/boot_id', `${boot}\n`);
  const sent: string[] = [];
  const ways: NoticeWays = {
    feed: async ([program], input) => {
      const subject = /^Subject: (.*)$/m.exec(input)?.[1] ?? input.split('\n')[0] ?? '';
      if (program === 'sendmail' && mailWhy !== '') return mailWhy;
      sent.push(`${program}: ${subject.replace(/^.*host: /, '')}`);
      return null;
    },
    post: async () => null,
    sendMail: async () => null,
    beep: async () => null,
  };
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const machine = { ...idleMachine(clock, files), runner: answeringRunner() };
  return { files, sent, ways, machine };
}

type Setting = NonNullable<Parameters<typeof machineWith>[1]>;

async function looks(...settings: readonly Setting[]) {
  let kept: MemoryFiles | null = null;
  const all: string[][] = [];
  for (const setting of settings) {
    const { files, sent, ways, machine } = machineWith(kept, setting);
    await notify(machine, ways, NOW, { dryRun: false });
    all.push(sent);
    kept = files;
  }
  return { all, files: kept };
}

test('once on each channel, daily, and once when it is over: across two reboots', async (t) => {
  const { all, files } = await looks(
    { isWhole: true },
    { isWhole: false, afterHours: 1, boot: 'b' },
    { isWhole: false, afterHours: 2, boot: 'b' },
    { isWhole: false, afterHours: 3, boot: 'c' },
    { isWhole: false, afterHours: 25, boot: 'c' },
    { isWhole: true, afterHours: 26, boot: 'c' },
    { isWhole: true, afterHours: 60, boot: 'd' },
  );
  t.same(all, [
    [],
    [
      'wall: array root (md0) lacks a disk (and 1 more)',
      'sendmail: array root (md0) lacks a disk (and 1 more)',
    ],
    [],
    [],
    ['wall: still: array root (md0) lacks a disk', 'sendmail: still: array root (md0) lacks a disk'],
    [
      'wall: array root (md0) is complete again (and 1 more)',
      'sendmail: array root (md0) is complete again (and 1 more)',
    ],
    [],
  ]);
  t.notOk(files?.texts.has(MOTD));
});

test('the login message stands while something is wrong', async (t) => {
  const { files } = await looks({ isWhole: false });
  t.match(
    files?.texts.get(MOTD),
    /^reliable-raid: array root \(md0\) lacks a disk\.\n {2}See: reliable-raid status\n$/,
  );
});

test('a mail server that is down is told by the others, and gets its mail later, once', async (t) => {
  const mailWhy = 'connection refused';
  const { all } = await looks(
    { isWhole: true },
    { isWhole: false, afterHours: 1, mailWhy },
    { isWhole: false, afterHours: 2, mailWhy },
    { isWhole: false, afterHours: 3 },
    { isWhole: false, afterHours: 4 },
    { isWhole: false, afterHours: 5 },
  );
  t.same(all.slice(1), [
    ['wall: array root (md0) lacks a disk (and 1 more)'],
    ['wall: a notice could not be sent: sendmail: connection refused'],
    ['sendmail: array root (md0) lacks a disk (and 1 more)'],
    ['wall: notices are sent again (sendmail)'],
    [],
  ]);
});

test('where nothing can be kept, a boot tells once all the same', async (t) => {
  const full = machineWith(null, { isWhole: false });
  full.files.broken.set(TOLD, { reason: 'error', detail: 'ENOSPC' });
  const first = await notify(full.machine, full.ways, NOW, { dryRun: false });
  t.match(first.warnings, [/ENOSPC/]);
  t.equal(full.sent.length, 2);
  await notify(full.machine, full.ways, NOW, { dryRun: false });
  t.equal(full.sent.length, 2);
});

test('a memory that is torn tells all anew, and says so', async (t) => {
  const torn = machineWith(null, { isWhole: false });
  torn.files.texts.set(TOLD, '{"schema":"reliable-raid/told/1"');
  t.match((await notify(torn.machine, torn.ways, NOW, { dryRun: false })).warnings, [/all is told anew/]);
  t.equal(torn.sent.length, 2);
});

test('a dry run sends and remembers nothing; a test is sent and not remembered', async (t) => {
  const dry = machineWith(null, { isWhole: false });
  const found = await notify(dry.machine, dry.ways, NOW, { dryRun: true });
  t.match(found.message?.subject, /lacks a disk/);
  t.same([dry.sent, dry.files.writes], [[], []]);
  const tried = await notifyTest(dry.machine, dry.ways);
  t.same(tried.deliveries, [
    { channel: 'wall', why: null },
    { channel: 'sendmail', why: null },
  ]);
  t.match(tried.message?.subject, /^TEST: /);
  t.same(dry.files.writes, []);
});

test('a mark is there while something lasts or waits to be sent, and no longer', async (t) => {
  const degraded = { isWhole: false, afterHours: 1 };
  const marked = async (...settings: readonly Setting[]) =>
    (await looks(...settings)).files?.texts.has(LASTS);
  t.equal(await marked({}), false);
  t.equal(await marked({}, degraded), true);
  t.equal(await marked({}, degraded, { afterHours: 2 }), false);
  t.equal(await marked({}, degraded, { afterHours: 2, mailWhy: 'down' }), true);
});

test('what mdmonitor mails to the same people is not mailed by us', async (t) => {
  const told = async (toml: string, isActive: boolean) => {
    const { files, sent, ways, machine } = machineWith(null, { isWhole: false });
    files.texts.set('/etc/reliable-raid/notify.toml', toml);
    files.texts.set('/etc/mdadm/mdadm.conf', 'MAILADDR root\n');
    files.texts.set('/usr/sbin/sendmail', '');
    const runner = answeringRunner(([program]) =>
      program === 'systemctl' ? { status: isActive ? 0 : 3 } : null,
    );
    await notify({ ...machine, runner }, ways, NOW, { dryRun: false });
    return sent.map((line) => line.split(':')[0]);
  };
  t.same(await told('journal = false', true), ['wall']);
  t.same(await told('journal = false', false), ['wall', 'sendmail']);
  t.same(await told('journal = false\nmail_to = ["root"]', true), ['wall', 'sendmail']);
});
