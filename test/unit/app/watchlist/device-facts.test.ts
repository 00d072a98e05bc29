import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { askBlkid, askLvm, readDeviceFacts } from '../../../../src/app/watchlist/device-facts.ts';
import type { DeviceFacts } from '../../../../src/core/topology/build-block-graph.ts';
import type { RunResult } from '../../../../src/ports/runner.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { device } from '../../../support/block-devices.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

type Answers = Readonly<Record<string, Partial<RunResult>>>;

/** Programs answer as told; the others are not installed. */
function machineWith(answers: Answers, texts: Readonly<Record<string, string>> = {}) {
  const runner = answeringRunner(([program = '']) => answers[program] ?? null);
  return { runner, files: new MemoryFiles(texts), paths: REAL_PATHS };
}
const lsblkOf = (...devices: readonly Readonly<Record<string, unknown>>[]): Partial<RunResult> => ({
  stdout: JSON.stringify({ blockdevices: devices }),
});
const disk = { kname: 'sda', type: 'disk' };
const dm = { kname: 'dm-0', type: 'crypt' };

async function read(answers: Answers, texts?: Readonly<Record<string, string>>) {
  const machine = machineWith(answers, texts);
  const warnings: string[] = [];
  const found = await readDeviceFacts(machine, warnings);
  return {
    found,
    facts: found.ok ? found.value : null,
    warnings,
    programs: machine.runner.calls.map((call) => call.split(' ', 1)[0]),
  };
}

test('without lsblk nothing can be told', async (t) => {
  t.match((await read({})).found, { ok: false, at: 'lsblk', why: 'is not installed' });
  const failed = await read({
    lsblk: { status: 32, stderr: 'no /sys', ...{ stdout: '{"blockdevices":[]}' } },
  });
  t.match(failed.found, { ok: false, at: 'lsblk', why: 'failed with status 32: no /sys' });
  t.match((await read({ lsblk: { stdout: '{' } })).found, { ok: false });
});

test('dmsetup is asked only where there is a dm device', async (t) => {
  const none = await read({ lsblk: lsblkOf(disk, { kname: 'dm-x' }) });
  t.same([none.programs, none.warnings, none.facts?.dmNodes], [['lsblk'], [], []]);
  const dmsetup = { stdout: 'dm-0/sda/CRYPT-1/root\n' };
  const one = await read({ lsblk: lsblkOf(disk, dm), dmsetup });
  t.same([one.programs, one.warnings], [['lsblk', 'dmsetup'], []]);
  t.same(one.facts?.dmNodes, [{ device: 'dm-0', name: 'root', uuid: 'CRYPT-1', standsOn: ['sda'] }]);
});

const DM = '/sys/class/block/dm-0';
const without: readonly (readonly [what: string, dmsetup: Answers, warning: RegExp])[] = [
  ['is not installed', {}, /^dmsetup: is not installed; sysfs is asked instead$/],
  [
    'fails',
    { dmsetup: { status: 1, stderr: 'no', stdout: 'dm-0/sda/u/n\n' } },
    /^dmsetup: failed with status 1/,
  ],
  [
    'says something else',
    { dmsetup: { stdout: 'what\n' } },
    /^dmsetup info, line 1: is not .*; sysfs is asked/,
  ],
];

for (const [what, dmsetup, warning] of without)
  test(`sysfs stands in for a dmsetup that ${what}`, async (t) => {
    const texts = { [`${DM}/dm/name`]: 'secret\n', [`${DM}/dm/uuid`]: 'CRYPT-2\n', [`${DM}/slaves/sda`]: '' };
    const { facts, warnings } = await read({ lsblk: lsblkOf(disk, dm), ...dmsetup }, texts);
    t.same(facts?.dmNodes, [{ device: 'dm-0', name: 'secret', uuid: 'CRYPT-2', standsOn: ['sda'] }]);
    t.equal(warnings.length, 1);
    t.match(warnings[0], warning);
    const bare = await read({ lsblk: lsblkOf(disk, dm), ...dmsetup });
    t.same(bare.facts?.dmNodes, [{ device: 'dm-0', name: 'dm-0', uuid: '', standsOn: [] }]);
  });

test('sysfs says what arrays and the like stand on: not partitions, whole disks or dm devices', async (t) => {
  const slaves = (name: string) => ({ [`/sys/class/block/${name}/slaves/below`]: '' });
  const { facts } = await read(
    {
      lsblk: lsblkOf(
        { kname: 'sda', type: 'disk' },
        { kname: 'sda1', type: 'part', pkname: 'sda' },
        { kname: 'md0', type: 'raid1', pkname: 'sda1' },
        { kname: 'md1', type: 'raid1' },
        { kname: 'md0p1', type: 'part', pkname: 'md0' },
        { kname: 'bcache0', type: 'disk', pkname: 'sda' },
        { kname: 'cciss!c0d0', type: 'disk', pkname: 'sda' },
        { kname: 'dm-0', type: 'lvm', pkname: 'md0' },
      ),
      dmsetup: { stdout: 'dm-0/md0/LVM-x/vg-root\n' },
    },
    {
      ...{ ...slaves('sda'), ...slaves('sda1'), ...slaves('md0'), ...slaves('md1'), ...slaves('md0p1') },
      ...{ ...slaves('bcache0'), ...slaves('cciss!c0d0'), ...slaves('dm-0') },
    },
  );
  t.same(
    [...(facts?.slaves ?? [])],
    ['md0', 'md1', 'bcache0', 'cciss!c0d0'].map((name) => [name, ['below']]),
  );
});

test('the devices of each mounted btrfs', async (t) => {
  const uuid = '01234567-89ab-cdef-0123-456789abcdef';
  const folder = '/sys/fs/btrfs';
  const { facts } = await read(
    { lsblk: lsblkOf(disk) },
    {
      [`${folder}/${uuid}/devices/sda1`]: '',
      [`${folder}/${uuid}/devices/sdb1`]: '',
      [`${folder}/features/devices/x`]: '',
      [`${folder}/${uuid.toUpperCase()}/devices/x`]: '',
    },
  );
  t.same([...(facts?.btrfsDevices ?? [])], [[uuid, ['sda1', 'sdb1']]]);
});

const facts: DeviceFacts = {
  devices: [],
  ...{ dmNodes: [], slaves: new Map(), btrfsDevices: new Map(), physicalVolumes: [] },
};

test('blkid fills in what lsblk did not know, and replaces nothing', async (t) => {
  const known = { fsType: 'ext4', label: 'l', uuid: 'u', partLabel: 'pl', partUuid: 'pu' };
  const unknown = { fsType: null, label: null, uuid: null, partLabel: null, partUuid: null };
  const devices = [
    device('sda1', unknown),
    device('sdb1', known),
    device('sdc1', { ...unknown, label: 'mine' }),
    device('dm-0', { ...unknown, path: '/dev/mapper/x' }),
    device('dm-1', { ...unknown, path: '/dev/mapper/y' }),
    device('sdd1', unknown),
  ];
  const record = (path: string) =>
    `DEVNAME=${path}\nTYPE=xfs\nLABEL=bl\nUUID=bu\nPARTLABEL=bpl\nPARTUUID=bpu\n`;
  const stdout = ['sda1', 'sdb1', 'sdc1', 'mapper/x', 'dm-1']
    .map((name) => record(`/dev/${name}`))
    .join('\n');
  const warnings: string[] = [];
  const asked = await askBlkid(machineWith({ blkid: { stdout } }), { ...facts, devices }, warnings);
  const said = { fsType: 'xfs', label: 'bl', uuid: 'bu', partLabel: 'bpl', partUuid: 'bpu' };
  t.same(asked.devices, [
    { ...devices[0], ...said },
    devices[1],
    { ...devices[2], ...said, label: 'mine' },
    { ...devices[3], ...said },
    { ...devices[4], ...said },
    devices[5],
  ]);
  t.same(warnings, []);
});

test('blkid may call a device by any of its names', async (t) => {
  const devices = [device('sda1', { majorMinor: '8:1' })];
  const machine = machineWith({ blkid: { stdout: 'DEVNAME=/dev/short\nUUID=bu\nTYPE=ext4\n' } });
  machine.files.numbers.set('/dev/short', '8:1');
  const asked = await askBlkid(machine, { ...facts, devices }, []);
  t.match(asked.devices, [{ device: 'sda1', uuid: 'bu' }]);
});

test('a blkid that finds nothing is none that fails', async (t) => {
  const said = async (blkid: Partial<RunResult> | null) => {
    const warnings: string[] = [];
    const devices = [device('sda')];
    const asked = await askBlkid(
      machineWith(blkid === null ? {} : { blkid }),
      { ...facts, devices },
      warnings,
    );
    t.same(asked.devices, devices);
    return warnings;
  };
  t.same(await said({ status: 2 }), []);
  t.same(await said({ status: 4, stderr: 'usage' }), ['blkid: failed with status 4: usage']);
  t.same(await said(null), ['blkid: is not installed']);
});

test('the physical volumes of LVM; where nobody tells, that is said', async (t) => {
  const ask = async (answers: Answers) => {
    const warnings: string[] = [];
    const asked = await askLvm(machineWith(answers), { ...facts, devices: [device('sda')] }, warnings);
    t.equal(asked.devices.length, 1, 'all else stays');
    return [asked.physicalVolumes, warnings];
  };
  const said = JSON.stringify({
    report: [{ pv: [{ ...VOLUME, vg_uuid: 'a-b', pv_major: '8', pv_minor: '1', pv_name: '/dev/short' }] }],
  });
  const volume = {
    ...{ majorMinor: '8:1', path: '/dev/short', uuid: 'p-1' },
    ...{ groupId: 'ab', groupName: 'vg', groupSize: 1 },
  };
  t.same(await ask({ pvs: { stdout: said } }), [[volume], []]);
  t.same(await ask({}), [[], ['pvs: is not installed']]);
  t.same(await ask({ pvs: { status: 5, stdout: said, stderr: 'locked' } }), [
    [volume],
    ['pvs: failed with status 5: locked'],
  ]);
  for (const stdout of ['', 'what', '  a-b|vg|/dev/sda1', '{"report":[{}]}'])
    t.match(await ask({ pvs: { stdout } }), [[], [/^pvs: /]], stdout);
});

const VOLUME = { vg_uuid: '', vg_name: 'vg', pv_count: '1', pv_uuid: 'p-1' };
