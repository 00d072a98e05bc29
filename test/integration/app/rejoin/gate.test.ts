import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t, { type Test } from 'tap';
import { NodeFiles } from '../../../../src/adapters/node/files.ts';
import { gate } from '../../../../src/app/rejoin/gate.ts';
import { type ReaddRequest, readd } from '../../../../src/app/rejoin/readd.ts';
import { parseMdUuid } from '../../../../src/core/md/md-uuid.ts';
import { renderReadd, renderReaddJson } from '../../../../src/core/render/commands/readd-report.ts';
import { DEFAULT_SETTINGS, WATCHLIST_SCHEMA } from '../../../../src/core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import type { RunResult } from '../../../../src/ports/runner.ts';
import { encode0, encode1, type SuperblockFields } from '../../../support/encode-superblock.ts';
import { watched } from '../../../support/simulated-boot.ts';
import { SimulatedSysfs } from '../../../support/simulated-sysfs.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708';
const DASHED = '734f71cb-0c80-0a0c-0102-030405060708';
const FAULTY = 0xfffe;
const BITMAP = 1;

const superblock = (number: number, more: Partial<SuperblockFields> = {}): Uint8Array =>
  encode1({ number, deviceUuidBytes: Array(16).fill(number + 1), features: BITMAP, ...more }, 8, 100);
const deviceUuid = (number: number): string =>
  Array(4)
    .fill(`0${number + 1}`.repeat(4))
    .join(':');

/** A machine below a folder, and files that count what is read of its disks. */
class GateMachine {
  readonly sysfs: SimulatedSysfs;
  readonly folder: string;
  readonly read: string[] = [];
  readonly files: NodeFiles;

  constructor(t: Test) {
    this.folder = t.testdir();
    this.sysfs = new SimulatedSysfs(this.folder);
    const { read } = this;
    this.files = new (class extends NodeFiles {
      override async readBytes(path: string, offset: number, length: number): Promise<Uint8Array | null> {
        read.push(path.slice(path.lastIndexOf('/') + 1));
        return super.readBytes(path, offset, length);
      }
    })();
    this.write('proc/cmdline', 'root=/dev/md0 quiet\n');
  }

  get paths() {
    const { sys, dev, run } = this.sysfs.paths;
    return {
      sys,
      dev,
      run,
      proc: join(this.folder, 'proc'),
      etc: join(this.folder, 'etc'),
      varLib: join(this.folder, 'var/lib'),
    };
  }

  link(path: string, target: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    rmSync(join(this.folder, path), { force: true });
    symlinkSync(target, join(this.folder, path));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  image(): void {
    this.write('etc/reliable-raid/arrays', `${UUID} before\n`);
    const uuid = parseMdUuid(UUID);
    if (!uuid.ok) throw new Error(uuid.why);
    const array = watched({ n: 0, level: 1, raidDevices: 2 });
    const members = array.members.map((each, number) => ({ ...each, deviceUuid: deviceUuid(number) }));
    const arrays = [{ ...array, uuid: uuid.value, members }];
    const head = { schema: WATCHLIST_SCHEMA, hostName: 'box', settings: DEFAULT_SETTINGS } as const;
    this.write(
      'etc/reliable-raid/watchlist.json',
      formatWatchlist({ ...head, arrays, tree: [], warnings: [] }),
    );
  }

  ledger(events: number, inSync: readonly number[], foreign = false): void {
    const member = (number: number) => ({
      deviceUuid: deviceUuid(number),
      role: number,
      lastSeenMs: 1,
      events,
    });
    const entry = {
      arrayUuid: UUID,
      device: 'md0',
      recordedAtMs: 1,
      events,
      updateTimeMs: 1_700_000_000_000,
      foreign,
    };
    const entries = [{ ...entry, inSync: inSync.map(member), seen: [0, 1].map(member) }];
    this.write(
      'var/lib/reliable-raid/ledger.json',
      JSON.stringify({ schema: 'reliable-raid/ledger/1', entries }),
    );
  }

  /** sda runs alone as md0, at events 60, by default at the bitmap's cost. */
  running(more: Partial<SuperblockFields> = {}): void {
    this.sysfs.member('sda', superblock(0, { events: 60, roles: [0, FAULTY], ...more }), '1.2', {
      holders: ['md0'],
    });
    this.sysfs.array({ name: 'md0', state: 'clean', uuid: DASHED, degraded: 1, bound: { sda: 'in_sync' } });
  }

  async gate(device: string): Promise<string> {
    const { gate: answer, why } = await gate(this, { device, version: '1.2' });
    return `${answer}: ${why}`;
  }

  held(device: string): string | null {
    const path = join(this.folder, `run/reliable-raid/held/${device}`);
    return existsSync(path) ? readFileSync(path, 'utf8') : null;
  }
}

t.test(
  'image: a copy that was used alone is held, with a note, until there is no reason any more',
  async (t) => {
    const machine = new GateMachine(t);
    machine.image();
    machine.sysfs.member('sda', superblock(0, { roles: [0, FAULTY] }));
    machine.sysfs.member('sdb', superblock(1));
    t.match(await machine.gate('sda'), /^hold: it was used without role 1$/);
    t.equal(machine.held('sda'), 'it was used without role 1\n');
    t.ok(machine.held('../notify-due') !== null, 'people are told');
    t.match(await machine.gate(join(machine.paths.dev, 'sdb')), /^pass/);
    t.same(machine.read, ['sda', 'sdb'], 'one read each');
    machine.write('run/reliable-raid/fallback', 'why\n');
    t.match(await machine.gate('sda'), /^pass: this boot fell back/);
    t.equal(machine.held('sda'), null);
  },
);

t.test('degraded = "never" of an array that is known to be degraded', async (t) => {
  const machine = new GateMachine(t);
  machine.sysfs.member('sda', superblock(0, { roles: [0, FAULTY] }));
  machine.sysfs.member('sdb', superblock(1));
  const policies = `general start\nforeign never\narray never ${UUID} data\n`;
  machine.write('run/reliable-raid/policies', policies);
  t.match(
    await machine.gate('sda'),
    /^hold: it was used without role 1, and is not to be started so .never./,
  );
  t.match(await machine.gate('sdb'), /^pass/, 'it calls nobody missing');
  machine.write('run/reliable-raid/policies', 'general start\n');
  t.match(await machine.gate('sda'), /^pass/);
  machine.write('proc/cmdline', 'reliable_raid.degraded=never\n');
  t.match(await machine.gate('sda'), /^hold/, 'the kernel command line says so');
  machine.write('proc/cmdline', 'reliable_raid.degraded=start\n');
  machine.write('run/reliable-raid/policies', policies);
  t.match(await machine.gate('sda'), /^pass/, 'it counts more');
  machine.write('proc/cmdline', '\n');
  machine.write('run/reliable-raid/policies', 'array never\ngarbage\n');
  t.match(await machine.gate('sda'), /^pass/, 'a damaged file is none');
});

t.test('image: an array that root does not need is not started there by half of it', async (t) => {
  const machine = new GateMachine(t);
  machine.image();
  const arrayUuidBytes = Array(16).fill(7);
  machine.sysfs.member('sda', superblock(0, { roles: [0, FAULTY], arrayUuidBytes }));
  machine.sysfs.member('sdb', superblock(1, { arrayUuidBytes }));
  t.match(await machine.gate('sda'), /^hold: it was used without role 1/);
  t.equal(await machine.gate('sdb'), 'pass: it lists no member as missing');
});

t.test('half of an array of another machine', async (t) => {
  const machine = new GateMachine(t);
  machine.sysfs.member('sda', superblock(0, { roles: [0, FAULTY], name: 'other:data' }));
  t.match(await machine.gate('sda'), /^pass/, 'there is no ledger to be read yet');
  machine.write('var/lib/reliable-raid/ledger.json', '{"schema":"reliable-raid/ledger/1","entries":[]}');
  t.match(await machine.gate('sda'), /^hold/);
  machine.ledger(1, [0], true);
  t.match(await machine.gate('sda'), /^hold/, 'that it ran here once does not make it ours');
  machine.ledger(1, [0]);
  t.match(await machine.gate('sda'), /^pass/, 'that something of ours stood on it does');
  machine.ledger(1, [0], true);
  machine.write('run/reliable-raid/policies', 'foreign start\n');
  t.match(await machine.gate('sda'), /^pass/);
});

t.test('an array that another program is at work on: held back, and let go once it is done', async (t) => {
  const machine = new GateMachine(t);
  machine.sysfs.member('sda', superblock(0));
  machine.write('proc/9/stat', `9 (start) S ${'0 '.repeat(18)}900 0\n`);
  const lock = `run/reliable-raid/locks/${UUID.replaceAll(':', '')}`;
  machine.link(lock, '9 900');
  t.match(await machine.gate('sda'), /^hold: another program/);
  machine.link(lock, '9 901');
  t.match(await machine.gate('sda'), /^pass/, 'its owner has died');
});

t.test('what switches it off', async (t) => {
  const machine = new GateMachine(t);
  machine.image();
  machine.sysfs.member('sda', superblock(0, { roles: [0, FAULTY] }));
  for (const word of ['reliable_raid=off', 'rd.reliable_raid=off', 'rd.md=0']) {
    machine.write('proc/cmdline', `quiet ${word}\n`);
    t.match(await machine.gate('sda'), `pass: ${word} is on the kernel command line`);
  }
});

t.test('image: what is no member passes', async (t) => {
  const machine = new GateMachine(t);
  machine.image();
  machine.sysfs.device({ name: 'sdb' });
  machine.sysfs.device({ name: 'sdc', bytes: 0 });
  for (const device of ['sdb', 'sdc', 'sdz', '../../etc/shadow', '', '/dev/../etc'])
    t.match(
      await machine.gate(device),
      /^pass: (no md superblock can be read from it|no such device|it is not a device under .dev)/,
      device,
    );
});

t.test('image: what may not join the running array is held', async (t) => {
  const machine = new GateMachine(t);
  machine.image();
  machine.running();
  machine.sysfs.member('sdb', superblock(1, { events: 70, roles: [FAULTY, 1] }));
  machine.sysfs.member('sdc', superblock(1));
  machine.sysfs.member('sdd', superblock(1, { deviceUuidBytes: Array(16).fill(9) }));
  t.match(await machine.gate('sdb'), /^hold: md0 runs, and it was used without role 0 \(sda\), last on 2023/);
  t.match(await machine.gate('sdc'), /^pass: md0 runs, and it may join/);
  t.match(await machine.gate('sdd'), /^hold: .*no member with its device UUID 09090909/);
  t.match(await machine.gate('sda'), 'pass: it is already bound to md0');
});

t.test('running system: split halves hold each other, also one that udev has not seen yet', async (t) => {
  const machine = new GateMachine(t);
  machine.sysfs.member('sda', superblock(0, { roles: [0, FAULTY] }));
  t.match(await machine.gate('sda'), /^pass/, 'alone in sight');
  machine.sysfs.device({ name: 'sdb', superblocks: [[4096, superblock(1, { roles: [FAULTY, 1] })]] });
  machine.sysfs.device({ name: 'sdc', udev: { ID_FS_TYPE: 'ext4' } });
  t.match(await machine.gate('sda'), 'hold: it and sdb were each used without the other');
  t.match(await machine.gate('sdb'), 'hold: it and sda were each used without the other');
  t.notOk(machine.read.includes('sdc'));
});

t.test('running system: the other half may be an array itself', async (t) => {
  const machine = new GateMachine(t);
  machine.sysfs.member('sda', superblock(0, { roles: [0, FAULTY] }));
  machine.sysfs.member('md5', superblock(1, { roles: [FAULTY, 1] }));
  t.match(await machine.gate('sda'), 'hold: it and md5 were each used without the other');
});

t.test('running system: what the ledger knows better', async (t) => {
  const machine = new GateMachine(t);
  machine.sysfs.member('sda', superblock(0));
  t.match(await machine.gate('sda'), /^pass/);
  machine.ledger(90, [1]);
  t.match(await machine.gate('sda'), /^hold: its data is from 2023-11-14 22:13 UTC, 48 events behind/);
  machine.ledger(42, [1]);
  t.match(await machine.gate('sda'), /^hold: it says it is in sync, but was not in the last record/);
  machine.write('var/lib/reliable-raid/ledger.json', '{"schema"');
  t.match(await machine.gate('sda'), /^pass/, 'a damaged one is none');
});

t.test('running system: a member comes back; arrays of the old format too', async (t) => {
  const machine = new GateMachine(t);
  machine.running();
  machine.sysfs.member('sdb', superblock(1));
  t.match(await machine.gate('sdb'), 'readd: md0 runs without it: role 1');
  machine.ledger(60, [0]);
  t.match(await machine.gate('sdb'), /^readd/, 'seen before');
  machine.sysfs.array({ name: 'md0', state: 'inactive', uuid: '0'.repeat(36), bound: { sda: 'spare' } });
  t.match(
    await machine.gate('sdb'),
    /^pass/,
    'the array does not run, and all are here: mdadm knows which is newer',
  );
  const old = new GateMachine(t);
  old.sysfs.member('sda', encode0({ roles: [0, FAULTY], events: 60 }), '0.90.0', { holders: ['md1'] });
  old.sysfs.member('sdb', encode0({ number: 1 }), '0.90.0');
  old.sysfs.array({ name: 'md1', state: 'active', metadata: '0.90', degraded: 1, bound: { sda: 'in_sync' } });
  t.match(await old.gate('sdb'), 'readd: md1 runs without it: role 1');
});

interface Mdadm {
  readonly calls: string[];
  readonly run: (device: string) => Partial<RunResult>;
}

async function runReadd(machine: GateMachine, mdadm: Mdadm, request: Partial<ReaddRequest> = {}) {
  const runner = {
    run: async (argv: readonly [string, ...string[]]): Promise<RunResult> => {
      mdadm.calls.push(argv.join(' ').replaceAll(machine.folder, ''));
      const said = mdadm.run(argv.at(-1) ?? '');
      return { ...{ argv, status: 0, stdout: '', stderr: '', error: null }, ...said };
    },
  };
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const deviceEvents = { settle: async () => undefined };
  const none = {
    files: machine.files,
    paths: machine.paths,
    runner,
    clock,
    deviceEvents,
  } as unknown as Parameters<typeof readd>[0];
  return readd(none, { devices: [], dryRun: false, ...request });
}

t.test('S8: readd gives back what may come back, and says why the others may not', async (t) => {
  const machine = new GateMachine(t);
  machine.running();
  machine.sysfs.member('sdb', superblock(1), '1.2', {
    udev: {
      ID_FS_TYPE: 'linux_raid_member',
      ID_FS_VERSION: '1.2',
      ID_MODEL: 'WDC\u001b[2J',
      ID_SERIAL_SHORT: 'S1',
    },
  });
  machine.sysfs.member('sdc', superblock(1, { roles: [FAULTY, 1], deviceUuidBytes: Array(16).fill(9) }));
  const mdadm: Mdadm = {
    calls: [],
    run: () => {
      machine.sysfs.array({
        ...{ name: 'md0', state: 'clean', uuid: DASHED, degraded: 1 },
        bound: { sda: 'in_sync', sdb: 'spare' },
      });
      return {};
    },
  };
  const planned = await runReadd(machine, mdadm, { dryRun: true });
  t.same(mdadm.calls, [], '--dry-run runs nothing');
  t.match(renderReadd(planned), /^would run: mdadm .*\/dev\/md0 --re-add .*\/dev\/sdb\n/);
  const done = await runReadd(machine, mdadm);
  t.same(mdadm.calls, ['mdadm /dev/md0 --re-add /dev/sdb']);
  const text = renderReadd(done);
  t.match(text, '/dev/sdb is a member of /dev/md0 again: role 1\n  WDC\\x1b[2J (serial S1)\n');
  t.match(text, '/dev/sdc was not re-added to /dev/md0:\n  it was used without role 0 (sda), last on 2023');
  t.match(text, '    wipefs --all /dev/sdc\n    mdadm /dev/md0 --add /dev/sdc');
  t.ok(
    text.split('\n').every((line) => /^[ -~]{0,79}$/.test(line)),
    text,
  );
  t.match(JSON.parse(renderReaddJson(done)), {
    schema: 'reliable-raid/readd/1',
    members: [
      { device: 'sdb', array: 'md0', result: 're-added' },
      { device: 'sdc', result: 'refused', code: 'used-alone' },
    ],
  });
});

t.test('readd: mdadm that cannot, and one that says it did', async (t) => {
  const machine = new GateMachine(t);
  machine.running();
  machine.sysfs.member('sdb', superblock(1, { features: 0 }));
  const cannot = { calls: [], run: () => ({ status: 1, stderr: 'mdadm: --re-add is not possible\n' }) };
  t.match(await runReadd(machine, cannot), [
    { result: 'failed', reason: /not possible. The array has no bitmap/, advice: [/^wipefs/, /--add/] },
  ]);
  t.match(await runReadd(machine, { calls: [], run: () => ({}) }), [
    { result: 'failed', reason: /mdadm reported success, but the array does not have it/ },
  ]);
});

t.test('readd: a device that is named is read where udev knows of no content', async (t) => {
  const udev = { ID_MODEL: 'WDC' };
  const idle = { calls: [], run: () => ({}) };
  const machine = new GateMachine(t);
  machine.running();
  machine.sysfs.member('sdb', superblock(1), '1.2', { udev });
  machine.sysfs.member('sdc', superblock(1), '1.2', { udev: { ...udev, ID_FS_TYPE: 'ext4' } });
  machine.sysfs.member('sdd', superblock(1), '1.2', { udev: { ...udev, ID_PART_TABLE_TYPE: 'gpt' } });
  machine.sysfs.member('sde', superblock(1), '1.2', { udev: { ...udev, ID_FS_AMBIVALENT: 'two of them' } });
  t.same(await runReadd(machine, idle, { dryRun: true }), [], 'none is named: udev tells what is a member');
  t.match(await runReadd(machine, idle, { dryRun: true, devices: ['sdb', 'sdc', 'sdd', 'sde'] }), [
    { result: 'would-re-add', command: /--re-add .*sdb$/ },
    { result: 'none' },
    { result: 'none' },
    { result: 'none' },
  ]);
});

t.test('readd: what cannot be given back is named', async (t) => {
  const machine = new GateMachine(t);
  machine.running();
  machine.sysfs.member('sdb', superblock(1, { arrayUuidBytes: Array(16).fill(7) }));
  const devices = ['sda', 'sdb', '/dev/nothing', 'a\u001bb'];
  const outcomes = await runReadd(machine, { calls: [], run: () => ({}) }, { devices });
  t.match(outcomes, [
    { result: 'member', reason: /bound to md0/ },
    { result: 'none', reason: /its array 07070707.* is not running/ },
    { result: 'none' },
    { result: 'none' },
  ]);
  t.match(renderReadd(outcomes), '/dev/a\\x1bb: no such device');
});
