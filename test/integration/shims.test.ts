import { chmodSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { HANG_SECONDS, SHELLS, type Shell, ShimSandbox } from './shim-sandbox.ts';

const ROOT_ARRAY = '11111111:22222222:33333333:44444444';
const OTHER_ARRAY = 'aaaaaaaa:bbbbbbbb:cccccccc:dddddddd';
const BROKEN: readonly (readonly [string, string, RegExp])[] = [
  ['status 1', 'exit 1', /the boot engine ended with status 1\.\n/],
  ['killed', 'kill -9 $$', /the boot engine ended with status 137 \(killed by signal 9\)\.\n/],
];
const START = { starttime: '7' };

if (SHELLS.length === 0) t.fail('no shell of an image is installed: dash, busybox or klibc-utils');
for (const shell of SHELLS) {
  t.test(`boot scripts under ${shell.name}`, { jobs: 4 }, (t) => {
    t.test('all there and complete: no process of ours, not a word', healthy(shell));
    t.test('a member is missing: the engine, with the console as it is', incomplete(shell));
    t.test('what appears within the grace needs no engine', late(shell));
    t.test('scripts that ran before and took long: what they brought is waited for', others(shell));
    t.test('what the gate holds needs the engine at once', held(shell));
    t.test('the engine leaves it to the failure path', handedOver(shell));
    for (const [what, body, said] of BROKEN) t.test(`broken engine: ${what}`, broken(shell, body, said));
    t.test('broken engine: missing', missing(shell));
    t.test('broken engine: hangs', hangs(shell));
    t.test('an engine that renews its mark is left alone', slowButAlive(shell));
    t.test('switched off on the kernel command line', switchedOff(shell));
    t.test('a damaged image: the list is gone', listGone(shell));
    t.test('local-block: the engine for what is not there', localBlock(shell));
    t.test('local-block: a late passphrase leaves time for the layer behind it, once', latePassphrase(shell));
    t.test('local-block: all that is listed runs, and root is missing', rootMissing(shell));
    t.test('local-block: what is started has not brought root', givenBackByEngine(shell));
    t.test('something is needed that is not listed: looked for before cryptroot', needsUnlisted(shell));
    t.test('local-block: the stock script in the fallback', stockInFallback(shell));
    t.test('local-bottom: half assembled arrays are released', release(shell));
    t.test('init-top: the start of discovery, and the list', discovery(shell));
    t.end();
  });
}

type Check = (t: Test) => Promise<void>;

/** A sandbox whose root array runs with the given number of missing members, or does not run at all. */
function sandbox(t: Test, shell: Shell, missing: number | 'inactive'): ShimSandbox {
  const box = new ShimSandbox(shell);
  t.teardown(() => box.remove());
  box.listed(`${ROOT_ARRAY} before`);
  box.write('run/reliable-raid/discovery', '0.50\n');
  box.array(
    'md127',
    ROOT_ARRAY,
    missing === 'inactive'
      ? { array_state: 'inactive', metadata_version: '1.2' }
      : { array_state: 'clean', degraded: String(missing), metadata_version: '1.2' },
  );
  return box;
}

function healthy(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 0);
    box.listed(`${ROOT_ARRAY} before`, `${OTHER_ARRAY} after`);
    const top = await box.run('local-top', { env: START });
    t.match(top, { status: 0, output: '' });
    t.same(box.calls(), []);
    t.notOk(box.has('run/reliable-raid/fallback'));
    t.comment(`${Math.round(top.tookMs)} ms`);
  };
}

function incomplete(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 1);
    box.engine('read -r key; echo "read $key"; cat "$ROOT/run/reliable-raid/engine.pid"; echo $$');
    const top = await box.run('local-top', { env: START, input: 'escape\n' });
    const [read, noted, pid] = top.output.trim().split('\n');
    t.equal(read, 'read escape', 'its standard input is the console');
    t.equal(noted, pid, 'its process number is known to the watchdog');
    t.same(box.calls(), [
      'udevadm settle --timeout=10',
      'udevadm trigger --action=add -s block',
      'engine boot --stage before-passphrase --limit-ms 37000 --root ',
    ]);
    t.notOk(box.has('run/reliable-raid/fallback'));
    t.same(box.survivors(), [], 'no watchdog is left');
  };
}

function others(shell: Shell): Check {
  return async (t) => {
    const now = Math.floor(await uptime());
    const marked = async (runFirst: string, env: Readonly<Record<string, string>>): Promise<boolean> => {
      const box = sandbox(t, shell, 1);
      box.write('usr/lib/reliable-raid/run-first', runFirst);
      await box.run('local-top', { env });
      return box.read('run/reliable-raid/discovery') !== '0.50\n';
    };
    t.equal(await marked('iscsi\n', { starttime: String(now - 30) }), true);
    t.equal(await marked('', { starttime: String(now - 30) }), false, 'there are none');
    t.equal(await marked('iscsi\n', { starttime: String(now + 60) }), false, 'they were quick');
    t.equal(
      await marked('iscsi\n', { starttime: String(now - 30), ROOTDELAY: '60' }),
      false,
      'the generator slept',
    );
  };
}

function held(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 'inactive');
    box.write('run/reliable-raid/discovery', '99999999.00\n');
    box.write('run/reliable-raid/held/sda1', 'why\n');
    // With a grace it would be seen.
    const appears = () => box.array('md127', ROOT_ARRAY, { array_state: 'read-auto', degraded: '0' });
    const timer = setTimeout(appears, 1000);
    await box.run('local-top', { env: START });
    clearTimeout(timer);
    t.equal(box.engineCalls().length, 1);
  };
}

function late(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 'inactive');
    // Far in the future, so that the time since discovery is short on a machine that runs for long.
    box.write('run/reliable-raid/discovery', '99999999.00\n');
    setTimeout(() => box.array('md127', ROOT_ARRAY, { array_state: 'read-auto', degraded: '0' }), 500);
    t.match(await box.run('local-top', { env: START }), { status: 0, output: '' });
    t.same(box.engineCalls(), []);
  };
}

function handedOver(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 'inactive');
    box.engine('exit 3');
    t.match(await box.run('local-top', { env: START }), { status: 0, output: '' });
    t.notOk(box.has('run/reliable-raid/fallback'));
    t.notOk(box.has('scripts/local-block/mdadm'));
    await box.run('local-block', { env: START });
    t.equal(box.engineCalls().at(-1), 'engine boot --stage all --limit-ms 37000 --root ');
  };
}

function broken(shell: Shell, body: string, said: RegExp): Check {
  return async (t) => {
    const box = sandbox(t, shell, 'inactive');
    box.engine(body);
    box.write('usr/lib/reliable-raid/boot-engine', 'the gate\n');
    box.write('run/reliable-raid/held/cciss!c0d0', 'why\n');
    const top = await box.run('local-top', { env: { ...START, ROOTDELAY: '60' } });
    t.match(top, { status: 0, output: said });
    t.match(top.output, /left to the distribution's own script, after about 40 s\.\n/);
    givenBack(t, box);
    t.notOk(box.has('usr/lib/reliable-raid/boot-engine'), 'the gate is open');
    const shown = `udevadm trigger --action=add ${box.root}/sys/class/block/cciss!c0d0`;
    t.ok(box.calls().includes(shown), 'what was held is shown to udev again');
    t.notOk(box.has('run/reliable-raid/held'));
  };
}

function givenBack(t: Test, box: ShimSandbox): void {
  t.ok(box.has('run/reliable-raid/fallback'));
  t.ok(box.has('run/reliable-raid/notify-due'), 'people are told');
  t.match(box.read('scripts/local-block/mdadm'), /stock/);
  t.match(box.read('conf/param.conf'), /^starttime=\d+\n$/, "the generator's clock starts anew");
  t.same(box.survivors(), []);
}

function missing(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 1);
    chmodSync(join(box.root, 'usr/bin/reliable-raid'), 0o644);
    const top = await box.run('local-top', { env: START });
    t.match(top.output, /reliable-raid is missing or cannot be run\.\n/);
    givenBack(t, box);
  };
}

function hangs(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 'inactive');
    box.engine('exec sleep 50');
    const top = await box.run('local-top', { env: START });
    t.match(top.output, /killed by signal 9/);
    t.same(box.calls().slice(-2), ['stty sane', 'stty sane'], 'each console is put right');
    t.ok(top.tookMs < 15_000);
    givenBack(t, box);
  };
}

function slowButAlive(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 1);
    // Longer than the watchdog's patience in all, and of that only a small part between two marks: on a busy host as well.
    box.engine(
      `n=0; while [ $n -lt ${10 * HANG_SECONDS} ]; do n=$((n + 1)); echo $n >"$ROOT/run/reliable-raid/alive"; sleep 0.2; done`,
    );
    t.match(await box.run('local-top', { env: START }), { status: 0, output: '' });
    t.notOk(box.has('run/reliable-raid/fallback'));
  };
}

function switchedOff(shell: Shell): Check {
  return async (t) => {
    for (const word of ['reliable_raid=off', 'rd.reliable_raid=off']) {
      const box = sandbox(t, shell, 1);
      box.write('proc/cmdline', `root=/dev/md0 ${word} quiet\n`);
      t.match((await box.run('local-top', { env: START })).output, /switched off on the kernel command line/);
      t.same(box.engineCalls(), []);
      givenBack(t, box);
    }
  };
}

function listGone(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 0);
    box.listed();
    t.match((await box.run('local-top', { env: START })).output, /arrays is missing or empty/);
    givenBack(t, box);
  };
}

function localBlock(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 1);
    const there = await box.run('local-block', { env: START, args: ['UUID=x'] });
    t.match(there, { status: 0, output: '' });
    t.same(box.calls(), ['udevadm trigger --action=add -s block', 'udevadm settle --timeout=10']);
    box.listed(`${ROOT_ARRAY} before`, `${OTHER_ARRAY} after`);
    await box.run('local-block', { env: START });
    t.equal(box.calls().length, 3, 'the devices are triggered once');
    t.match(box.engineCalls(), [/engine boot --stage all --limit-ms \d+ --root $/]);
    t.notOk(box.has('run/count.mdadm.initrd'));
  };
}

function latePassphrase(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 0);
    box.listed(`${ROOT_ARRAY} before`, `${OTHER_ARRAY} after`);
    box.engine('exit 3');
    const uptimeMs = Number((await uptime()) * 1000);
    await box.run('local-block', { env: START });
    await box.run('local-block', { env: START });
    const limits = box.engineCalls().map((line) => Number(/--limit-ms (\d+)/.exec(line)?.[1]));
    t.ok((limits[0] ?? 0) >= uptimeMs + 28_000, 'first: the whole patience from now on');
    t.equal(limits[1], 37_000, "then: the generator's own limit");
  };
}

function rootMissing(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 0);
    const call = () => box.run('local-block', { env: START, args: ['/dev/vg0/root'] });
    await call();
    t.same(box.engineCalls(), [], 'no other array is there');
    box.array('md126', OTHER_ARRAY, { array_state: 'inactive', metadata_version: '1.2' });
    await call();
    await call();
    t.same(box.engineCalls(), [], 'LVM and cryptroot have their turn');
    await call();
    t.match(box.engineCalls(), [/^engine boot --stage all --limit-ms \d+ --root \/dev\/vg0\/root$/]);
    await call();
    t.equal(box.engineCalls().length, 1, 'once');
  };
}

function givenBackByEngine(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 'inactive');
    box.engine('exit 4');
    box.write('usr/lib/reliable-raid/boot-engine', 'the gate\n');
    const top = await box.run('local-top', { env: START });
    t.match(top.output, /root is still not there\.\n.*own script, after about 20 s/);
    t.ok(box.has('usr/lib/reliable-raid/boot-engine'), 'the gate stays');
    t.notOk(box.has('run/reliable-raid/fallback'));
    t.match(box.read('conf/param.conf'), /^starttime=\d+\n$/, "the generator's clock starts anew");
    const next = await box.run('local-block', { env: START, args: ['UUID=x'] });
    t.equal(next.output, 'stock UUID=x\n');
    t.equal(box.engineCalls().length, 1);
  };
}

function needsUnlisted(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 0);
    box.write('etc/reliable-raid/needs-unlisted', '');
    await box.run('local-top', { env: { ...START, ROOT: 'UUID=x' } });
    t.same(box.engineCalls(), []);
    box.array('md126', OTHER_ARRAY, { array_state: 'inactive', metadata_version: '1.2' });
    await box.run('local-top', { env: { ...START, ROOT: 'UUID=x' } });
    t.match(box.engineCalls(), [/--stage before-passphrase --limit-ms \d+ --root UUID=x$/]);
  };
}

async function uptime(): Promise<number> {
  return Number((await readFile('/proc/uptime', 'utf8')).split(' ')[0]);
}

function stockInFallback(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 'inactive');
    box.engine('exit 1');
    const first = await box.run('local-block', { env: START, args: ['UUID=x'] });
    t.match(first.output, /ended with status 1[\s\S]*\nstock UUID=x\n/, 'at once in the same call');
    const next = await box.run('local-block', { env: START, args: ['UUID=x'] });
    t.equal(next.output, 'stock UUID=x\n');
    t.equal(box.engineCalls().length, 1);
  };
}

function release(shell: Shell): Check {
  return async (t) => {
    const box = sandbox(t, shell, 1);
    box.write('run/reliable-raid/alive', '1\n');
    box.array('md125', OTHER_ARRAY, { array_state: 'inactive', metadata_version: 'external:imsm' });
    t.match(await box.run('local-bottom'), { status: 0, output: '' });
    t.same(box.calls(), [], 'a container is always inactive');
    t.notOk(box.has('run/reliable-raid/alive'));
    box.array('md126', OTHER_ARRAY, { array_state: 'inactive', metadata_version: '1.2' });
    await box.run('local-bottom');
    t.match(box.calls(), [/engine boot --stage release --limit-ms \d+ --root $/]);
    box.write('run/reliable-raid/fallback', 'x\n');
    await box.run('local-bottom');
    t.equal(box.calls().length, 1, 'not in the fallback');
    box.write('run/reliable-raid/efivars', '/sys/firmware/efi/efivars\n');
    box.write('run/reliable-raid/alive', '1\n');
    await box.run('local-bottom');
    t.match(box.calls()[1], /^umount .*\/sys\/firmware\/efi\/efivars$/, 'the real system mounts its own');
    t.notOk(box.has('run/reliable-raid/efivars'));
  };
}

function discovery(shell: Shell): Check {
  return async (t) => {
    const box = new ShimSandbox(shell);
    t.teardown(() => box.remove());
    await box.run('init-top');
    t.match(box.read('run/reliable-raid/discovery'), /^\d+\.\d+\n$/);
    t.notOk(box.has('run/reliable-raid/booted.json'), 'no list, and nothing said of it');
    box.write('etc/reliable-raid/watchlist.json', '{}\n');
    await box.run('init-top');
    t.equal(box.read('run/reliable-raid/booted.json'), '{}\n', 'the list that this boot came from');
    box.write('etc/reliable-raid/policies', 'general never\n');
    await box.run('init-top');
    t.notOk(box.has('run/reliable-raid/policies'), 'there was no configuration');
    box.write('etc/reliable-raid/config-sum', 'SUM\n');
    await box.run('init-top');
    t.equal(box.read('run/reliable-raid/policies'), 'general never\n');
    t.equal(box.read('run/reliable-raid/config-sum'), 'SUM\n', 'of the configuration that they are from');
  };
}
