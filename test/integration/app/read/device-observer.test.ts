import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { NodeFiles } from '../../../../src/adapters/node/files.ts';
import { DeviceObserver, observerOf } from '../../../../src/app/read/device-observer.ts';
import { parseSuperblock } from '../../../../src/core/md/parse-superblock.ts';
import type { WatchedArray, WatchedMember } from '../../../../src/core/watchlist/watchlist.ts';
import type { Runner } from '../../../../src/ports/runner.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';
import { encode0, encode1, type SuperblockFields } from '../../../support/encode-superblock.ts';
import { MEMBER_BYTES, SimulatedSysfs } from '../../../support/simulated-sysfs.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708';
const DASHED = '734f71cb-0c80-0a0c-0102-030405060708';

/** NodeFiles that remembers which devices were read. */
class CountingFiles extends NodeFiles {
  readonly read: string[] = [];

  override async readBytes(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    this.read.push(path.slice(path.lastIndexOf('/') + 1));
    return super.readBytes(path, offset, length);
  }
}

const superblock = (number: number, more: Partial<SuperblockFields> = {}): Uint8Array =>
  encode1({ number, deviceUuidBytes: Array(16).fill(number), ...more }, 8, 100);

test('members, what holds them, and what is none', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  machine.member('sda1', superblock(0));
  machine.member('sdb1', superblock(1));
  machine.member('sdc', encode0({}), '0.90.0');
  machine.member('cciss!c0d0p1', superblock(1));
  machine.member('sdd', superblock(1), '1.2', { holders: ['dm-0'] });
  machine.member('sde', superblock(0).fill(0, 0, 4));
  machine.device({ name: 'sdf', superblocks: [[4096, superblock(0)]], udev: { ID_FS_TYPE: 'ext4' } });
  machine.device({ name: 'sdg', superblocks: [[4096, superblock(0)]] });
  machine.array({
    name: 'md127',
    state: 'inactive',
    uuid: '0'.repeat(36),
    bound: { sda1: 'spare', sdb1: 'faulty' },
  });
  machine.array({ name: 'md0', state: 'clean', uuid: DASHED, degraded: 1 });
  machine.array({
    name: 'md1',
    state: 'read-auto',
    metadata: '0.90',
    uuid: DASHED,
    bound: { sdc: 'in_sync' },
  });
  machine.array({ name: 'md2', state: 'inactive', metadata: 'external:imsm', bound: { sdz: 'spare' } });
  machine.array({ name: 'md3', state: 'out-of-this-world' });
  const { members, arrays } = await new DeviceObserver(new NodeFiles(), machine.paths).rescanAll();
  t.match(
    members,
    [
      { device: 'cciss!c0d0p1', boundTo: null, faulty: false, superblock: { role: 1, metadata: '1.2' } },
      { device: 'sda1', boundTo: 'md127', faulty: false, superblock: { role: 0 } },
      { device: 'sdb1', boundTo: 'md127', faulty: true, superblock: { role: 1 } },
      { device: 'sdc', boundTo: 'md1', superblock: { metadata: '0.90' } },
    ],
    'not what device-mapper holds, has a broken superblock, or udev calls something else or has not seen',
  );
  t.equal(members.length, 4);
  t.strictSame(arrays, [
    { device: 'md0', state: 'clean', external: false, degraded: 1, uuid: UUID, deadMembers: [] },
    { device: 'md1', state: 'read-auto', external: false, degraded: null, uuid: UUID, deadMembers: [] },
    { device: 'md127', state: 'inactive', external: false, degraded: null, uuid: UUID, deadMembers: [] },
    { device: 'md2', state: 'inactive', external: true, degraded: null, uuid: null, deadMembers: ['sdz'] },
    { device: 'md3', state: 'unknown', external: false, degraded: null, uuid: null, deadMembers: [] },
  ]);
});

test('without a udev database every device is asked', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  const with12 = (number: number): readonly [number, Uint8Array][] => [[4096, superblock(number)]];
  machine.device({ name: 'vda', superblocks: with12(0) });
  machine.device({ name: 'zram0', superblocks: with12(0) });
  machine.device({ name: 'sr0', superblocks: with12(0) });
  machine.device({ name: 'loop0', superblocks: with12(0) });
  machine.device({ name: 'loop1', superblocks: with12(1), files: { 'loop/backing_file': '/disk.img\n' } });
  machine.device({ name: 'vdb', bytes: 0 });
  // 0.90 at the end of a partition that ends where its disk does.
  const old: readonly [number, Uint8Array][] = [[MEMBER_BYTES - 64 * 1024, encode0({})]];
  machine.device({ name: 'sda', superblocks: old, files: { 'sda1/partition': '1\n' } });
  machine.device({ name: 'sda1', superblocks: old });
  const { members } = await new DeviceObserver(new NodeFiles(), machine.paths).rescanAll();
  t.strictSame(
    members.map(({ device }) => device),
    ['loop1', 'sda1', 'vda'],
  );
});

test('the version udev names goes first, else what was written last', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  const both: readonly [number, Uint8Array][] = [
    [4096, superblock(0, { updateSeconds: 1000 })],
    [MEMBER_BYTES - 64 * 1024, encode0({ updateSeconds: 2000 })],
  ];
  const udev = { ID_FS_TYPE: 'linux_raid_member' };
  machine.device({ name: 'sda', superblocks: both, udev: { ...udev, ID_FS_VERSION: '1.2' } });
  machine.device({ name: 'sdb', superblocks: both, udev: { ...udev, ID_FS_VERSION: '0.90.0' } });
  machine.device({ name: 'sdc', superblocks: both, udev });
  const { members } = await new DeviceObserver(new NodeFiles(), machine.paths).rescanAll();
  t.strictSame(
    members.map(({ superblock: { metadata } }) => metadata),
    ['1.2', '0.90', '0.90'],
  );
});

test('a disk pulled from an inactive array, and one plugged in under its name', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  for (const [number, name] of ['sda', 'sdb', 'sdc'].entries()) machine.member(name, superblock(number));
  machine.array({ name: 'md0', state: 'inactive', bound: { sda: 'spare', sdb: 'spare' } });
  machine.array({ name: 'md1', state: 'inactive', bound: { sdc: 'spare' } });
  const observer = new DeviceObserver(new NodeFiles(), machine.paths);
  t.match(await observer.rescanAll(), { arrays: [{ deadMembers: [] }, { deadMembers: [] }] });

  machine.unplug('sdb');
  const pulled = await observer.rescan(['sdb']);
  t.match(pulled, {
    members: [{ device: 'sda', boundTo: 'md0' }, { device: 'sdc' }],
    arrays: [{ device: 'md0', uuid: UUID, deadMembers: ['sdb'] }, { deadMembers: [] }],
  });

  machine.member('sdb', superblock(1));
  for (const look of [() => observer.rescan(['sdb']), () => observer.rescanAll()]) {
    const again = await look();
    t.match(again, {
      members: [
        { device: 'sda', boundTo: 'md0' },
        { device: 'sdb', boundTo: null, faulty: false },
        { device: 'sdc', boundTo: 'md1' },
      ],
      arrays: [{ deadMembers: ['sdb'] }, { deadMembers: [] }],
    });
  }

  machine.unplug('sdc');
  machine.file('run/mdadm/map', 'md1 1.2 cb714f73:0c0a800c:04030201:08070605 /dev/md/root\n');
  t.match(
    await observer.rescan(['sdc']),
    { arrays: [{ device: 'md0' }, { device: 'md1', uuid: UUID, deadMembers: ['sdc'] }] },
    'when no live member tells whose array it is, mdadm knows',
  );
});

test('what is on a disk and on its partition counts once', async (t) => {
  const old = (more: Partial<SuperblockFields> = {}): readonly [number, Uint8Array][] => [
    [MEMBER_BYTES - 64 * 1024, encode0(more)],
  ];
  const stale: readonly [number, Uint8Array][] = [
    [4096, superblock(0, { arrayUuidBytes: Array(16).fill(3) })],
  ];
  const whole: readonly [number, Uint8Array][] = [[4096, superblock(1)]];
  const seen = async (udev: boolean, more: (machine: SimulatedSysfs) => void): Promise<readonly string[]> => {
    const machine = new SimulatedSysfs(t.testdir());
    const member = udev ? { udev: { ID_FS_TYPE: 'linux_raid_member' } } : {};
    machine.device({ name: 'sda', superblocks: old(), files: { 'sda1/partition': '1\n' }, ...member });
    machine.device({ name: 'sda1', superblocks: old(), ...member });
    machine.device({ name: 'sdb', superblocks: stale, files: { 'sdb1/partition': '1\n' }, ...member });
    machine.device({ name: 'sdb1', superblocks: whole, ...member });
    machine.device({ name: 'sdb10', superblocks: [], ...member });
    more(machine);
    const { members } = await new DeviceObserver(new NodeFiles(), machine.paths).rescanAll();
    return members.map(({ device }) => device);
  };
  t.strictSame(await seen(false, () => undefined), ['sda1', 'sdb1'], 'the partition, where nobody tells');
  t.strictSame(
    await seen(true, () => undefined),
    ['sda1', 'sdb', 'sdb1'],
    'two arrays are two arrays to udev',
  );
  const bound = (name: string) => (machine: SimulatedSysfs) =>
    machine.array({ name: 'md0', state: 'inactive', bound: { [name]: 'spare' } });
  t.strictSame(
    await seen(true, bound('sdb1')),
    ['sda1', 'sdb1'],
    'the disk of a held partition cannot be had',
  );
  t.strictSame(await seen(true, bound('sdb')), ['sda1', 'sdb'], 'nor the partition of a held disk');
  t.strictSame(await seen(false, bound('sda')), ['sda', 'sdb1'], 'what an array holds counts');
});

test('what udev knows a disk by', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  const udev = { ID_FS_TYPE: 'linux_raid_member', ID_SERIAL: 'disk_1' };
  machine.member('sda', superblock(0), '1.2', { udev });
  machine.member('sdb', superblock(0), '1.2', { udev: { ...udev, ID_WWN: '0x5000' } });
  machine.member('sdc1', superblock(0), '1.2', { udev: { ...udev, PARTN: '1' } });
  machine.member('sdd', superblock(0));
  const { members } = await new DeviceObserver(new NodeFiles(), machine.paths).rescanAll();
  t.strictSame(
    members.map(({ disk }) => disk),
    ['disk_1', '0x5000', 'disk_1-part1', undefined],
  );
});

test('only what is named is read again', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  for (const name of ['sda', 'sdb']) machine.member(name, superblock(0));
  const files = new CountingFiles();
  const observer = new DeviceObserver(files, machine.paths);
  await observer.rescanAll();
  t.strictSame([...files.read].sort(), ['sda', 'sdb']);
  files.read.length = 0;

  machine.member('sdc', superblock(1), '1.2', { holders: ['md0'] });
  machine.array({ name: 'md0', state: 'inactive', bound: { sda: 'spare', sdc: 'spare' } });
  const added = await observer.rescan(['sdc', 'md0', 'sdc', 'gone']);
  t.strictSame(files.read, ['sdc']);
  t.strictSame(
    added.members.map(({ device, boundTo }) => [device, boundTo]),
    [
      ['sda', 'md0'],
      ['sdb', null],
      ['sdc', 'md0'],
    ],
  );

  machine.unplug('sda');
  const removed = await observer.rescan(['sda']);
  t.strictSame(
    removed.members.map(({ device }) => device),
    ['sdb', 'sdc'],
  );
  machine.array({ name: 'md0', state: 'clean', uuid: DASHED, degraded: 1, bound: { sdc: 'in_sync' } });
  const started = await observer.rescan(['md0']);
  t.match(started.arrays, [{ device: 'md0', state: 'clean', degraded: 1, uuid: UUID }]);

  files.read.length = 0;
  await Promise.all([observer.rescanAll(), observer.rescan(['sdb']), observer.rescanAll()]);
  t.strictSame(files.read.length, 5, 'looks that are asked for at once are done in turn');
});

test('around a command only what it can have changed is read again', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  const upper = (more: Partial<SuperblockFields> = {}) =>
    superblock(0, { arrayUuidBytes: Array(16).fill(7), ...more });
  for (const name of ['sda', 'sdb', 'sdc']) machine.member(name, superblock(0));
  machine.array({ name: 'md0', state: 'inactive', bound: { sda: 'spare', sdb: 'spare' } });
  const files = new CountingFiles();
  const observer = new DeviceObserver(files, machine.paths);
  await observer.rescanAll();
  files.read.length = 0;

  // md0 is started: a member's superblock is newer, a volume stands on it, and is a member itself
  machine.member('sdb', superblock(0, { events: 77 }));
  machine.array({ name: 'md0', state: 'read-auto', uuid: DASHED, bound: { sda: 'in_sync', sdb: 'in_sync' } });
  machine.member('dm-0', upper());
  const started = await observer.rescanAround(['md0']);
  t.strictSame([...files.read].sort(), ['dm-0', 'sda', 'sdb'], 'not sdc');
  t.strictSame(started, await observer.rescanAll(), 'nothing less is known than after a look at all');

  // what comes late on top of it, before its events
  files.read.length = 0;
  machine.device({ name: 'md0', holders: ['dm-0'] });
  machine.array({ name: 'md0', state: 'clean', uuid: DASHED, bound: { sda: 'in_sync', sdb: 'in_sync' } });
  machine.member('dm-0', upper({ events: 78 }));
  const settled = await observer.rescanAround(['md0']);
  t.strictSame([...files.read].sort(), ['dm-0', 'sda', 'sdb']);
  t.equal(settled.members.find(({ device }) => device === 'dm-0')?.superblock.events, 78);
  t.strictSame(settled, await observer.rescanAll());

  machine.unplug('md0');
  machine.unplug('dm-0');
  t.strictSame(await observer.rescanAround(['md0']), await observer.rescanAll(), 'an array that was stopped');
});

test('mdadm is asked about disks of containers, and only where a listed array is in one', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  machine.device({ name: 'sda', udev: { ID_FS_TYPE: 'isw_raid_member' } });
  machine.device({ name: 'sdb', udev: { ID_FS_TYPE: 'ext4' } });
  machine.member('sdc', superblock(0));
  const asked: string[] = [];
  const runner: Runner = {
    run: async (argv) => {
      asked.push(argv.join(' ').replace(/ \/.*\//, ' '));
      return { argv, status: 1, stdout: '', stderr: 'no', error: null };
    },
  };
  const list = sampleWatchlist(1);
  const of = (metadata: WatchedArray['metadata']) =>
    observerOf(
      { ...list, arrays: list.arrays.map((array) => ({ ...array, metadata })) },
      { files: new NodeFiles(), paths: machine.paths, runner },
    );
  t.equal((await of('1.2').rescanAll()).external, undefined);
  t.strictSame(asked, []);
  for (const kind of ['imsm', 'ddf'] as const) {
    asked.length = 0;
    const observer = of(kind);
    const { external } = await observer.rescanAll();
    t.strictSame(external, [{ device: 'sda', examined: null }], 'what mdadm cannot tell is not left out');
    t.strictSame(asked.sort(), ['mdadm --examine --brief --verbose sda', 'mdadm --examine sda']);
    await observer.rescan(['sdb', 'sdc']);
    t.equal(asked.length, 2, 'once, until something happens to the disk');
    machine.unplug('sda');
    t.strictSame((await observer.rescan(['sda'])).external, []);
    machine.device({ name: 'sda', udev: { ID_FS_TYPE: 'isw_raid_member' } });
  }
});

test('a listed disk that is plugged in and shows no superblock of that member is found by its name', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  machine.member('sda', superblock(0));
  machine.device({ name: 'sdb', udev: { ID_SERIAL: 'WDC_2' } });
  const folder = join(machine.paths.dev, 'disk/by-id');
  mkdirSync(folder, { recursive: true });
  for (const [name, to] of [
    ['ata-1', 'sda'],
    ['ata-2', 'sdb'],
    ['ata-3', 'sdz'],
  ] as const)
    symlinkSync(`../../${to}`, join(folder, name));
  const [sample] = sampleWatchlist(1).arrays;
  const own = parseSuperblock('1.2', superblock(0), MEMBER_BYTES);
  if (sample === undefined || !own.ok) throw new Error('no sample');
  const member = (byId: string | null, deviceUuid: string): WatchedMember => ({
    ...{ deviceUuid, role: 0, ledger: { events: 1, updateTimeMs: 1, inSync: true } },
    disk: { byId, model: null, serial: null, sizeBytes: null },
  });
  const members = [
    member('ata-1', own.value.deviceUuid),
    ...['ata-2', 'ata-3', 'ata-4', '../ata-2', null].map((byId, n) => member(byId, `missing-${n}`)),
  ];
  const list = { ...sampleWatchlist(1), arrays: [{ ...sample, members }] };
  const runner: Runner = { run: () => Promise.reject(new Error('nothing is run')) };
  const observer = observerOf(list, { files: new NodeFiles(), paths: machine.paths, runner });
  t.strictSame([...((await observer.rescanAll()).byName ?? [])], [['ata-2', 'sdb']]);
  machine.unplug('sdb');
  t.equal((await observer.rescan(['sdb'])).byName, undefined);
});

test('64 arrays of 8 members: an event costs little', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  for (let array = 0; array < 64; array++) {
    const arrayUuidBytes = Array(16).fill(array);
    const bound: Record<string, string> = {};
    for (let number = 0; number < 8; number++) {
      const name = `sd${array}x${number}`;
      machine.member(
        name,
        superblock(number, { arrayUuidBytes, raidDevices: 8, roles: [0, 1, 2, 3, 4, 5, 6, 7] }),
      );
      bound[name] = 'spare';
    }
    machine.array({ name: `md${array}`, state: 'inactive', bound });
  }
  const files = new CountingFiles();
  const observer = new DeviceObserver(files, machine.paths);
  await observer.rescanAll();
  t.equal(new Set(files.read).size, 512);
  files.read.length = 0;
  t.equal((await observer.rescan(['sd3x3'])).members.length, 512);
  t.strictSame(files.read, ['sd3x3'], 'the one device is read, and nothing else');
});
