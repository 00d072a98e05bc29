import { test } from 'tap';
import { type ListNow, readListNow, readStatus } from '../../../../src/app/inspect/status.ts';
import { formatLedgerFile } from '../../../../src/core/ledger/ledger-file.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import { failure, ok } from '../../../../src/core/result/result.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { listOf } from '../../../support/ledger-entries.ts';
import type { MemoryFiles } from '../../../support/memory-files.ts';
import { mirrorFiles } from '../../../support/mirror-files.ts';
import { SAMPLE_REPORT_TEXT } from '../../../support/sample-report.ts';
import { watchedMirror } from '../../../support/watched-array.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708' as MdUuid;
const KEPT = '/var/lib/reliable-raid/watchlist.json';
const LIST = listOf(watchedMirror(UUID));
const NOW: ListNow = { watchlist: ok(LIST), block: null };
const machineOf = (files: MemoryFiles) => ({
  ...idleMachine({ nowMs: () => 0, after: () => () => undefined }, files),
  runner: answeringRunner(),
});

test('a whole mirror, with what it is for', async (t) => {
  const files = mirrorFiles();
  files.texts.set(KEPT, formatWatchlist(LIST));
  const before = files.writes.length;
  t.match(await readStatus(machineOf(files), NOW), {
    nowMs: 1_700_003_600_000,
    arrays: [{ uuid: UUID, name: 'root', device: 'md0', condition: 'complete', neededBy: ['/'] }],
    lastBoot: { kind: 'nothing-to-do' },
    image: { kind: 'compared', changes: [] },
    unreadable: [],
  });
  t.equal(files.writes.length, before, 'nothing is written');
});

test('a boot that was left to the distribution, and why; not where somebody wants it so', async (t) => {
  const lastBoot = async (why: string, listNow = NOW) => {
    const files = mirrorFiles();
    if (listNow === NOW) files.texts.set(KEPT, formatWatchlist(LIST));
    files.texts.set('/run/reliable-raid/fallback', why);
    return (await readStatus(machineOf(files), listNow)).lastBoot;
  };
  t.same(await lastBoot('the boot engine is missing\n'), {
    kind: 'gave-way',
    why: 'the boot engine is missing',
  });
  for (const why of ['switched off on the kernel command line\n', 'rd.md=0\n', ''])
    t.same(await lastBoot(why), { kind: 'nothing-to-do' }, why);
  const unneeded: ListNow = { watchlist: ok({ ...LIST, arrays: [] }), block: null };
  t.same(await lastBoot('no list', unneeded), { kind: 'nothing-to-do' }, 'no image needs us');
});

test('a half, whose other disk the gate holds', async (t) => {
  const files = mirrorFiles({ isWhole: false });
  files.texts.set('/run/reliable-raid/held/sdb1', 'md0 runs, and it was used without role 0\n');
  files.texts.set('/run/reliable-raid/boot.json', SAMPLE_REPORT_TEXT);
  t.match((await readStatus(machineOf(files), NOW)).arrays, [
    {
      ...{ condition: 'degraded', startedDegraded: true },
      held: [{ device: 'sdb1', why: 'md0 runs, and it was used without role 0' }],
    },
  ]);
});

test('the missing disk of an array that no list has is called as it was when it was last seen', async (t) => {
  const files = mirrorFiles({ isWhole: false });
  const disk = { byId: 'ata-DISK_1', model: 'DISK', serial: 'S1', sizeBytes: 1e9 };
  const seen = [
    { deviceUuid: UUID, lastSeenMs: 1_700_000_000_000, events: 9, role: 1, disk },
    { deviceUuid: UUID.replace('7', '8'), lastSeenMs: 1_600_000_000_000, events: 8, role: null, disk },
  ];
  const entry = {
    ...{ arrayUuid: UUID, device: 'md0', foreign: false, recordedAtMs: 1, events: 9, updateTimeMs: 1, seen },
    inSync: [{ deviceUuid: UUID.replace('7', '9'), role: 0 }],
  };
  files.texts.set('/var/lib/reliable-raid/ledger.json', formatLedgerFile({ entries: [entry] }));
  const none: ListNow = { watchlist: ok(listOf()), block: null };
  t.match((await readStatus(machineOf(files), none)).arrays, [
    { missing: [{ role: 1, disk, lastSeenMs: 1_700_000_000_000 }] },
  ]);
});

test('without root the arrays are there all the same, and what may not be read is named', async (t) => {
  const files = mirrorFiles({ isWhole: false, mayRead: false });
  files.texts.set('/run/reliable-raid/held/sdb1', 'why\n');
  files.broken.set(KEPT, { reason: 'denied', detail: 'EACCES' });
  files.broken.set('/run/reliable-raid/boot.json', { reason: 'denied', detail: 'EACCES' });
  const status = await readStatus(machineOf(files), {
    watchlist: failure('/dev/md0', 'mdadm may not read it'),
    block: null,
  });
  t.match(status, {
    arrays: [{ uuid: UUID, device: 'md0', condition: 'degraded', held: [{ device: 'sdb1' }] }],
    unreadable: ['sda1', 'sdb1'],
    lastBoot: { kind: 'unknown' },
    image: { kind: 'unknown' },
    ledger: { kind: 'unknown' },
  });
});

test('an array that the boot needs and that is not there', async (t) => {
  const gone = watchedMirror('aaaaaaaa:bbbbbbbb:cccccccc:dddddddd' as MdUuid, { name: 'gone' });
  const status = await readStatus(machineOf(mirrorFiles()), {
    watchlist: ok(listOf(watchedMirror(UUID), gone)),
    block: null,
  });
  t.match(status.arrays, [
    {},
    { name: 'gone', condition: 'down', verdict: { kind: 'absent' }, isOurs: true },
  ]);
  t.same(status.image, { kind: 'never-made' });
});

test('an array that was stopped, and may not be read, is not called absent', async (t) => {
  const files = mirrorFiles({ mayRead: false });
  for (const path of [...files.texts.keys()])
    if (path.startsWith('/sys/class/block/md0') || path.includes('holders')) files.texts.delete(path);
  const status = await readStatus(machineOf(files), NOW);
  t.match(status.arrays, [{ condition: 'down', verdict: null, missing: [] }]);
});

test('torn files are told, and nothing else', async (t) => {
  const files = mirrorFiles();
  files.texts.set(KEPT, '{"schema":');
  files.texts.set('/run/reliable-raid/boot.json', '[]');
  files.texts.set('/var/lib/reliable-raid/ledger.json', '\u009b');
  t.match(await readStatus(machineOf(files), NOW), {
    arrays: [{ condition: 'complete' }],
    lastBoot: { kind: 'unknown' },
    image: { kind: 'unknown' },
    ledger: { kind: 'empty' },
  });
});

test('a machine that tells nothing has no arrays', async (t) => {
  const files = mirrorFiles();
  files.texts.clear();
  files.bytes.clear();
  const machine = machineOf(files);
  t.match(await readStatus(machine, await readListNow(machine)), { arrays: [], image: { kind: 'unknown' } });
});
