import { test } from 'tap';
import {
  deviceTimes,
  SYSTEMD_WAIT_MS,
  type TimeFacts,
  unitOf,
  type WaitOfArray,
} from '../../../src/core/inspect/device-times.ts';
import { mountDemands } from '../../../src/core/inspect/mount-demands.ts';
import { parseCrypttab } from '../../../src/core/parse/crypttab.ts';
import { parseFstab } from '../../../src/core/parse/fstab.ts';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

/** md0 is root's; md1 and md2 are mirrors, md3 a mirror of both. */
const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [
    ...['sda', 'sdb', 'sdc', 'sdd', 'sde', 'sdf'].map((name) => device(name)),
    device('sda1', { type: 'part', parent: 'sda', uuid: 'plain' }),
    device('md0', { type: 'raid1', uuid: 'root' }),
    device('md1', { type: 'raid1', uuid: 'home', fsType: 'ext4' }),
    device('md2', { type: 'raid1', uuid: 'luks', fsType: 'crypto_LUKS' }),
    device('md3', { type: 'raid1', uuid: 'top', label: 'my top' }),
  ],
  slaves: new Map([
    ['md0', ['sda', 'sdb']],
    ['md1', ['sdc', 'sdd']],
    ['md2', ['sde', 'sdf']],
    ['md3', ['md1', 'md2']],
  ]),
});

const wait = (seconds: number, more: Partial<WaitOfArray> = {}): WaitOfArray => ({
  ...{ waitMs: seconds * 1000, maxWaitMs: 180_000, degraded: 'start' },
  ...more,
});

function timesOf(
  fstab: string,
  ofAll: WaitOfArray,
  facts: Partial<TimeFacts> = {},
  crypttab = '',
): Readonly<Record<string, number>> {
  const files = {
    ...{ fstab: parseFstab(fstab).entries, fstabAt: '/etc/fstab' },
    ...{ crypttab: parseCrypttab(crypttab).entries, crypttabAt: '/etc/crypttab' },
  };
  const found = deviceTimes(mountDemands(files, graph, new Map()), {
    ...{ graph, isMaxWaitSet: false, systemdMs: SYSTEMD_WAIT_MS },
    waitOf: (array) => (array === 'md0' ? null : ofAll),
    ...facts,
  });
  return Object.fromEntries(found.map(({ unit, seconds }) => [unit, seconds]));
}

const HOME = 'UUID=home /home ext4 defaults 0 2';
const HOME_UNIT = String.raw`dev-disk-by\x2duuid-home.device`;

test('with waits that systemd outlasts nothing is said', async (t) => {
  for (const fstab of [HOME, 'LABEL=my\\040top /top ext4', '/dev/md1 none swap sw'])
    t.same(timesOf(fstab, wait(20)), {}, fstab);
  t.same(timesOf(HOME, wait(60)), {});
  t.same(timesOf(HOME, wait(120), { systemdMs: Number.POSITIVE_INFINITY }), {}, 'an administrator has more');
});

test('a longer wait: as long as it may take, by the name that the line has', async (t) => {
  t.same(timesOf(HOME, wait(61)), { [HOME_UNIT]: 210 });
  t.same(timesOf(HOME, wait(300)), { [HOME_UNIT]: 330 });
  t.same(timesOf(HOME, wait(20), { systemdMs: 15_000 }), { [HOME_UNIT]: 210 }, 'systemd has less');
  t.same(timesOf(HOME, wait(20), { isMaxWaitSet: true }), { [HOME_UNIT]: 210 }, 'a max_wait that is meant');
  t.same(timesOf('/dev/md1 /home ext4', wait(100)), { 'dev-md1.device': 210 });
  t.same(timesOf('/dev/md1 none swap sw', wait(100)), { 'dev-md1.device': 210 });
});

test('layers: one wait after the other', async (t) => {
  const unit = String.raw`dev-disk-by\x2dlabel-my\x5cx20top.device`;
  t.same(timesOf('LABEL=my\\040top /top ext4', wait(31)), { [unit]: 390 });
  t.same(timesOf('LABEL=my\\040top /top ext4', wait(30)), {});
  const waitOf = (array: string) => wait(array === 'md1' ? 100 : 5, { maxWaitMs: 0 });
  t.same(
    timesOf('LABEL=my\\040top /top ext4', wait(0), { waitOf }),
    { [unit]: 135 },
    'the slowest leg counts',
  );
});

test('nothing where a longer wait brings nothing, or is not ours to set', async (t) => {
  for (const [fstab, of] of [
    ['UUID=plain /x ext4', wait(100)],
    ['UUID=root /x ext4', wait(100)],
    ['UUID=gone /x ext4', wait(100)],
    ['tmpfs /tmp tmpfs', wait(100)],
    ['host:/x /x nfs', wait(100)],
    ['UUID=home /home ext4 x-systemd.device-timeout=5', wait(100)],
    ['UUID=home /home ext4 noauto', wait(100)],
    [HOME, wait(100, { degraded: 'never' })],
    [HOME, wait(100, { degraded: 'ask' })],
  ] as const)
    t.same(timesOf(fstab, of), {}, fstab);
  const waitOf = (array: string) => wait(100, { degraded: array === 'md2' ? 'never' : 'start' });
  t.same(
    timesOf('UUID=top /top ext4', wait(0), { waitOf }),
    {},
    'what it stands on does not start by itself',
  );
});

test('what does not hold the boot has the time all the same: it is mounted when the array runs', async (t) => {
  for (const option of ['nofail', 'noauto,x-systemd.automount', '_netdev'])
    t.same(timesOf(`UUID=home /home ext4 ${option}`, wait(100)), { [HOME_UNIT]: 210 }, option);
});

test('crypttab: the device below, never the mapping, which systemd awaits for ever', async (t) => {
  const below = String.raw`dev-disk-by\x2duuid-luks.device`;
  const crypttab = 'data UUID=luks none luks\n';
  t.same(timesOf('/dev/mapper/data /data ext4\n', wait(100), {}, crypttab), { [below]: 210 });
  t.same(timesOf('', wait(100), {}, 'data UUID=luks none luks,noauto\n'), {});
  t.same(timesOf('', wait(100), {}, 'data UUID=luks none luks,x-systemd.device-timeout=9\n'), {});
});

test('two lines of one device have one time; a circle of arrays ends', async (t) => {
  t.same(timesOf(`${HOME}\nUUID=home /home2 ext4 subvol=x\n`, wait(100)), { [HOME_UNIT]: 210 });
  const circle = new Map(graph);
  const md1 = graph.get('md1');
  if (md1 !== undefined) circle.set('md1', { ...md1, standsOn: ['md3'] });
  t.equal(
    timesOf('UUID=top /top ext4', wait(100), { graph: circle })[String.raw`dev-disk-by\x2duuid-top.device`],
    570,
  );
});

test('a source that is no device has no unit', async (t) => {
  for (const source of ['host:/x', '/swapfile', 'tmpfs', 'what?']) t.equal(unitOf({ source }), null, source);
});
