import { test } from 'tap';
import { updateImage } from '../../../../src/app/image/update-image.ts';
import {
  formatState,
  NOTHING_DONE,
  parseState,
  type UpdateImages,
  type UpdateState,
} from '../../../../src/core/inspect/image-update.ts';
import { failure, ok, type Result } from '../../../../src/core/result/result.ts';
import type { Watchlist } from '../../../../src/core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { IMAGE, listOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const KEPT = '/var/lib/reliable-raid/watchlist.json';
const STATE = '/var/lib/reliable-raid/images.json';
const FORMER = '/boot/initrd.img-6.1.former';
const NOW = listOf(IMAGE);
const OLD_LIST = formatWatchlist({ ...NOW, arrays: [] });
const NEW_LIST = formatWatchlist(NOW);
const DF = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/md0 400000 1 300000 1% /boot\n';

/** A machine whose image has no array; the generator makes one with the list as it is now, or as a test says. */
function machineWith(
  texts: Readonly<Record<string, string>> = {},
  generate: (files: MemoryFiles) => number = (files) => {
    files.texts.set(KEPT, NEW_LIST);
    files.texts.set('/boot/initrd.img-6.1', 'new');
    return 0;
  },
) {
  const files = new MemoryFiles({
    '/boot/vmlinuz-6.1': '',
    '/boot/initrd.img-6.1': 'old',
    '/usr/sbin/mkinitramfs': '',
    '/usr/sbin/update-initramfs': '',
    '/proc/locks': '',
    '/proc/1/comm': 'systemd\n',
    '/proc/sys/kernel/random/boot_id': 'first\n',
    '/proc/sys/kernel/osrelease': '6.1\n',
    '/var/lib/dpkg/lock': '',
    [KEPT]: OLD_LIST,
    ...texts,
  });
  const copy = (from = '', to = '') => {
    files.texts.set(to, files.texts.get(from) ?? '');
    return { status: 0 };
  };
  const runner = answeringRunner((argv) => {
    const [program, ...words] = argv;
    const [from, to] = words.slice(-2);
    if (program === 'df') return { stdout: DF };
    if (program === 'stat') return { stdout: words[2] === '%s' ? '50000000\n' : '77\n' };
    if (program === 'update-initramfs') return { status: generate(files) };
    if (program === 'cp') return copy(from, to);
    if (program !== 'mv') return { status: 0 };
    copy(from, to);
    files.texts.delete(from ?? '');
    return { status: 0 };
  });
  const clock = { nowMs: () => 0, after: () => () => undefined };
  return { ...idleMachine(clock, files), files, runner };
}

const run = (
  machine: ReturnType<typeof machineWith>,
  setting: UpdateImages,
  dryRun = false,
  afterBuild: Result<Watchlist> = ok(NOW),
) => updateImage(machine, { setting, watchlist: ok(NOW), lookAgain: async () => afterBuild, dryRun });
const stateOf = ({ files }: ReturnType<typeof machineWith>): UpdateState => {
  const parsed = parseState(files.texts.get(STATE) ?? '', STATE);
  return parsed.ok ? parsed.value : NOTHING_DONE;
};
const ran = ({ runner }: ReturnType<typeof machineWith>) =>
  runner.calls.filter((call) => /^(update-initramfs|dracut)/.test(call));

test('warn: told once, and nothing else is done', async (t) => {
  const machine = machineWith();
  t.match(await run(machine, 'warn'), {
    kind: 'old',
    isNews: true,
    because: 'warn',
    changes: [{ what: 'new' }],
  });
  t.match(await run(machine, 'warn'), { kind: 'old', isNews: false });
  t.same(machine.runner.calls, []);
  machine.files.texts.set(KEPT, NEW_LIST);
  t.same(await run(machine, 'warn'), { kind: 'current' });
  machine.files.texts.set(KEPT, OLD_LIST);
  t.match(await run(machine, 'warn'), { isNews: true }, 'the same change, made anew');
});

test('where it begins or is over, whoever tells people has news', async (t) => {
  const due = '/run/reliable-raid/notify-due';
  const machine = machineWith();
  const isNews = async (dryRun = false) => {
    await machine.files.remove(due);
    await run(machine, 'warn', dryRun);
    return machine.files.texts.has(due);
  };
  t.notOk(await isNews(true));
  t.ok(await isNews(), 'it is older than the machine');
  t.notOk(await isNews(), 'and still is');
  machine.files.texts.set(KEPT, NEW_LIST);
  t.ok(await isNews(), 'it is not any more');
  t.notOk(await isNews());
});

test('the machine changes while the image is built', async (t) => {
  const grown = listOf({ ...IMAGE, raidDevices: IMAGE.raidDevices + 1 });
  const built = (list: Watchlist) =>
    machineWith({}, (files) => {
      files.texts.set(KEPT, formatWatchlist(list));
      return 0;
    });
  t.match(await run(built(grown), 'auto', false, ok(grown)), { kind: 'built' }, 'the image knows it');
  const before = built(NOW);
  const later = { kind: 'later', because: 'changed', changes: [{ what: 'changed' }] };
  t.match(await run(before, 'auto', false, ok(grown)), later, 'the image came before it');
  t.match(await run(built({ ...NOW, arrays: [] }), 'auto'), { kind: 'failed' }, 'it had the time');
  t.match(await run(built(NOW), 'auto', false, failure('/', 'x')), { kind: 'failed', why: /: x$/ });
});

test('never: nothing is said or written', async (t) => {
  const machine = machineWith();
  t.match(await run(machine, 'never'), { kind: 'old', isNews: false, because: 'never' });
  t.same(machine.files.writes, []);
});

test('auto: built once, for the kernel that boots, and the former image is kept', async (t) => {
  const machine = machineWith();
  t.match(await run(machine, 'auto'), { kind: 'built', kernel: '6.1', former: FORMER });
  t.same(ran(machine), ['update-initramfs -u -k 6.1']);
  t.equal(machine.files.texts.get(FORMER), 'old');
  t.equal(machine.files.texts.get('/boot/initrd.img-6.1'), 'new');
  t.match(stateOf(machine), { former: { image: 'initrd.img-6.1', kernel: '6.1', bootId: 'first' } });
  t.same(await run(machine, 'auto'), { kind: 'current' });
  t.equal(machine.files.texts.get(FORMER), 'old', 'there was no boot yet');
});

test('auto: the former image goes once a boot has come from the new one', async (t) => {
  const machine = machineWith();
  await run(machine, 'auto');
  const { texts } = machine.files;
  texts.set('/proc/sys/kernel/random/boot_id', 'second\n');
  await run(machine, 'auto');
  t.ok(texts.has(FORMER), 'this boot does not say which image it came from');
  texts.set('/run/reliable-raid/booted.json', OLD_LIST);
  await run(machine, 'auto');
  t.ok(texts.has(FORMER), 'it came from the former one');
  texts.set('/run/reliable-raid/booted.json', NEW_LIST);
  await run(machine, 'auto', true);
  t.ok(texts.has(FORMER), 'by hand nothing is written');
  await run(machine, 'auto');
  t.notOk(texts.has(FORMER));
  t.equal(stateOf(machine).former, null);
});

test('auto: two changes without a boot between them keep the image before both', async (t) => {
  const machine = machineWith();
  await run(machine, 'auto');
  machine.files.texts.set(KEPT, OLD_LIST);
  machine.files.texts.set(STATE, formatState({ ...stateOf(machine), tried: 'another', told: null }));
  t.match(await run(machine, 'auto'), { kind: 'built' });
  t.equal(machine.files.texts.get(FORMER), 'old');
});

test('auto: not while a package manager or a generator is at work, and then it is', async (t) => {
  const machine = machineWith({ '/proc/locks': '1: POSIX  ADVISORY  WRITE 9 fe:00:77 0 EOF\n' });
  t.match(await run(machine, 'auto'), { kind: 'later', because: 'package-manager' });
  machine.files.texts.set('/proc/locks', '');
  machine.files.texts.set('/proc/9/comm', 'update-initramf\n');
  t.match(await run(machine, 'auto'), { kind: 'later', because: 'generator' });
  t.same(ran(machine), []);
  machine.files.texts.delete('/proc/9/comm');
  t.match(await run(machine, 'auto'), { kind: 'built' });
});

test('auto: what is in the way is told once', async (t) => {
  const full = machineWith({ '/boot/vmlinuz-6.1': '' });
  full.runner.run = async (argv) => ({
    ...{ argv, status: 0, stderr: '', error: null },
    stdout: argv[0] === 'df' ? DF.replace('300000', '1000') : '50000000\n',
  });
  t.match(await run(full, 'auto'), { kind: 'old', isNews: true, because: 'no-room' });
  t.match(await run(full, 'auto'), { kind: 'old', isNews: false });
  const bare = machineWith();
  bare.files.texts.delete('/usr/sbin/mkinitramfs');
  t.match(await run(bare, 'auto'), { because: 'no-generator' });
  const hostile = machineWith();
  hostile.files.texts.delete('/boot/vmlinuz-6.1');
  hostile.files.texts.set('/boot/vmlinuz-6.1;x', '');
  hostile.files.texts.set('/boot/initrd.img-6.1;x', '');
  t.match(await run(hostile, 'auto'), { because: 'no-image' });
  for (const machine of [full, bare, hostile]) t.same(ran(machine), []);
});

test('auto: an image that cannot be built leaves everything as it was, and is not tried again', async (t) => {
  const machine = machineWith({}, (files) => {
    files.texts.set(KEPT, NEW_LIST);
    files.texts.set('/boot/initrd.img-6.1', 'half of it');
    return 1;
  });
  t.match(await run(machine, 'auto'), { kind: 'failed', why: /update-initramfs failed with status 1/ });
  const { texts } = machine.files;
  t.equal(texts.get('/boot/initrd.img-6.1'), 'old');
  t.equal(texts.get(KEPT), OLD_LIST, 'the list of the image that is there');
  t.notOk(texts.has(FORMER));
  t.match(await run(machine, 'auto'), { kind: 'old', isNews: false });
  t.same(ran(machine).length, 1);
});

test('auto: an image that has another list all the same is built once', async (t) => {
  const machine = machineWith({}, () => 0);
  t.match(await run(machine, 'auto'), { kind: 'failed', why: /another list/ });
  t.match(await run(machine, 'auto'), { kind: 'old', isNews: false });
  t.same(ran(machine).length, 1);
});

test('with dracut', async (t) => {
  const machine = machineWith({ '/usr/bin/dracut': '' });
  machine.files.texts.delete('/usr/sbin/mkinitramfs');
  await run(machine, 'auto');
  t.same(ran(machine), ['dracut -f /boot/initrd.img-6.1 6.1']);
});

test('by hand: what differs, and what would be done', async (t) => {
  const machine = machineWith();
  t.match(await run(machine, 'auto', true), { kind: 'old', because: null });
  t.match(await run(machine, 'warn', true), { kind: 'old', because: 'warn' });
  t.same(machine.files.writes, []);
  t.same(ran(machine), []);
  machine.files.texts.delete(KEPT);
  t.same(await run(machine, 'auto', true), { kind: 'no-list' });
  const watchlist = { ok: false, at: '/', why: 'x' } as const;
  const request = { setting: 'auto', watchlist, lookAgain: async () => watchlist, dryRun: false } as const;
  t.match(await updateImage(machine, request), { kind: 'unresolved' });
});
