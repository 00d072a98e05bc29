// A large machine on disk, in the formats that real ones were recorded in: sysfs, /dev, and programs that print what the
// real ones would and write down each call.
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeFiles } from '../../src/adapters/node/files.ts';
import { NodeRunner } from '../../src/adapters/node/runner.ts';
import type { FactSources } from '../../src/app/machine.ts';
import { encode1 } from './encode-superblock.ts';

export interface MachineSize {
  readonly arrays: number;
  readonly membersEach: number;
  /** Arrays that the logical volume of `/` lies on; every other array has a volume group of its own. */
  readonly belowRoot: number;
  /** Of every array, as one that was made under Linux 6.19 or later has it. */
  readonly logicalBlockBytes?: number;
}

const DISK_BYTES = 104_857_600;
const GROUP = 'rootgroup'.padEnd(32, '0');
const LEVEL = 6;

/** Fills `folder`; disks are files with a real superblock. */
export function buildSimulatedMachine(folder: string, size: MachineSize): FactSources {
  const put = (path: string, text: string | Uint8Array) => writeFileSync(join(folder, path), text);
  for (const path of [
    'bin',
    'etc',
    'run',
    'proc/self',
    'proc/1',
    'dev/disk/by-id',
    'said',
    'run/udev/data',
    'sys/class/block',
  ])
    mkdirSync(join(folder, path), { recursive: true });
  for (const [array, members] of disksOf(size).entries()) {
    putArray(folder, array, members);
    for (const [role, disk] of members.entries()) {
      put(`dev/${disk}`, deviceWithSuperblock(array, role, size));
      putMember(folder, disk, array, array * members.length + role);
      symlinkSync(`../../${disk}`, join(folder, `dev/disk/by-id/ata-DISK_${disk}`));
      symlinkSync(`../../${disk}`, join(folder, `dev/disk/by-id/wwn-0x${disk}`));
    }
    put(`said/md${array}`, mdadmSays(arrayUuid(array), members));
  }
  put('etc/fstab', 'UUID=root-uuid / ext4 defaults 0 1\n');
  for (const program of ['lsblk', 'dmsetup', 'pvs', 'mdadm', 'blkid']) {
    put(`bin/${program}`, scriptOf(folder, program));
    chmodSync(join(folder, 'bin', program), 0o755);
  }
  put('calls', '');
  putRootOn(folder, size);
  return {
    runner: new NodeRunner(`${join(folder, 'bin')}:/usr/bin:/bin`),
    files: new NodeFiles(),
    paths: {
      sys: join(folder, 'sys'),
      dev: join(folder, 'dev'),
      run: join(folder, 'run'),
      proc: join(folder, 'proc'),
      etc: join(folder, 'etc'),
      varLib: join(folder, 'var/lib'),
    },
  };
}

/** As the kernel shows an array that runs. */
function putArray(folder: string, array: number, members: readonly string[]): void {
  const block = join(folder, `sys/class/block/md${array}`);
  for (const path of ['slaves', ...members.map((disk) => `md/dev-${disk}`)])
    mkdirSync(join(block, path), { recursive: true });
  writeFileSync(join(block, 'dev'), `9:${array}\n`);
  writeFileSync(join(block, 'md/array_state'), 'clean\n');
  writeFileSync(join(block, 'md/metadata_version'), '1.2\n');
  writeFileSync(join(block, 'md/degraded'), '0\n');
  writeFileSync(join(block, 'md/resync_start'), 'none\n');
  for (const disk of members) writeFileSync(join(block, `md/dev-${disk}/state`), 'in_sync\n');
}

/** As the kernel and udev show a disk that an array holds. */
function putMember(folder: string, disk: string, array: number, number: number): void {
  const block = join(folder, `sys/class/block/${disk}`);
  mkdirSync(join(block, 'holders'), { recursive: true });
  symlinkSync(`../../md${array}`, join(block, `holders/md${array}`));
  writeFileSync(join(folder, `sys/class/block/md${array}/slaves/${disk}`), '');
  writeFileSync(join(block, 'dev'), `8:${number}\n`);
  writeFileSync(join(block, 'size'), `${DISK_BYTES / 512}\n`);
  const record = ['I:1', 'E:ID_FS_TYPE=linux_raid_member', 'E:ID_FS_VERSION=1.2', 'G:systemd', ''];
  writeFileSync(join(folder, `run/udev/data/b8:${number}`), record.join('\n'));
}

/** Changes what the tools say of a machine of the same disks: how many arrays `/` lies on. */
export function putRootOn(folder: string, size: MachineSize): void {
  const { belowRoot } = size;
  const devices: object[] = [];
  const dmNodes: string[] = [];
  const physicalVolumes: object[] = [];
  for (const [array, members] of disksOf(size).entries()) {
    const md = `md${array}`;
    devices.push(...members.map((disk, role) => diskOf(disk, role, arrayUuid(array))));
    devices.push(
      block(md, {
        pkname: members[0],
        type: `raid${LEVEL}`,
        fstype: 'LVM2_member',
        uuid: `pv-${array}`,
        'maj:min': `9:${array}`,
      }),
    );
    const group = array < belowRoot ? GROUP : `group${array}`.padEnd(32, '0');
    physicalVolumes.push({
      vg_uuid: group,
      vg_name: `vg${array < belowRoot ? 'root' : array}`,
      pv_count: `${array < belowRoot ? belowRoot : 1}`,
      pv_uuid: `pv-${array}`,
      pv_name: `/dev/${md}`,
      pv_major: '9',
      pv_minor: `${array}`,
    });
    if (array < belowRoot) continue;
    devices.push(block(`dm-${array}`, { pkname: md, type: 'lvm', path: `/dev/mapper/vg${array}-data` }));
    dmNodes.push(`dm-${array}/${md}/LVM-${group}${'v'.repeat(32)}/vg${array}-data\n`);
  }
  const below = Array.from({ length: belowRoot }, (_, array) => `md${array}`);
  const path = '/dev/mapper/vgroot-root';
  devices.push(block('dm-9999', { pkname: 'md0', type: 'lvm', path, fstype: 'ext4', uuid: 'root-uuid' }));
  dmNodes.push(`dm-9999/${below.join(',')}/LVM-${GROUP}${'r'.repeat(32)}/vgroot-root\n`);
  writeFileSync(join(folder, 'said/lsblk'), JSON.stringify({ blockdevices: devices }, null, 3));
  writeFileSync(join(folder, 'said/dmsetup'), dmNodes.join(''));
  writeFileSync(join(folder, 'said/pvs'), JSON.stringify({ report: [{ pv: physicalVolumes }] }));
}

/** Names of the disks of each array. */
const disksOf = ({ arrays, membersEach }: MachineSize): string[][] =>
  Array.from({ length: arrays }, (_, array) =>
    Array.from({ length: membersEach }, (_, role) => `sd${array * membersEach + role}`),
  );

/** Every call of a program since the last look, as its words. */
export function takeCalls(folder: string): readonly (readonly string[])[] {
  const path = join(folder, 'calls');
  const calls = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  writeFileSync(path, '');
  return calls.map((line) => line.split(' '));
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

const arrayUuid = (array: number): string => `${hex(array, 8)}:00000000:00000000:000000aa`;

const uuidBytes = (first: number, last: number): number[] => [
  ...[24, 16, 8, 0].map((shift) => (first >> shift) & 0xff),
  ...Array.from({ length: 11 }, () => 0),
  last,
];

function deviceWithSuperblock(
  array: number,
  role: number,
  { membersEach, logicalBlockBytes = 0 }: MachineSize,
): Uint8Array {
  const bytes = new Uint8Array(8192);
  const fields = {
    arrayUuidBytes: uuidBytes(array, 0xaa),
    deviceUuidBytes: uuidBytes(array * membersEach + role, 0xdd),
    name: `host:${array}`,
    level: LEVEL,
    raidDevices: membersEach,
    number: role,
    roles: Array.from({ length: membersEach }, (_, slot) => slot),
    logicalBlockBytes,
  };
  bytes.set(encode1(fields, 8), 4096);
  return bytes;
}

const block = (kname: string, fields: object): object => ({
  kname,
  pkname: null,
  path: `/dev/${kname}`,
  type: 'disk',
  size: DISK_BYTES,
  fstype: null,
  label: null,
  uuid: null,
  partlabel: null,
  partuuid: null,
  model: null,
  serial: null,
  'maj:min': '8:0',
  ...fields,
});

const diskOf = (disk: string, role: number, uuid: string): object =>
  block(disk, {
    ...{ fstype: 'linux_raid_member', uuid, model: 'DISK', serial: `SERIAL-${disk}-${role}` },
    'maj:min': `8:${disk.slice('sd'.length)}`,
  });

function mdadmSays(uuid: string, members: readonly string[]): string {
  const lines = members.flatMap((disk, role) => [
    `MD_DEVICE_dev_${disk}_ROLE=${role}`,
    `MD_DEVICE_dev_${disk}_DEV=/dev/${disk}`,
  ]);
  const head = [
    `MD_LEVEL=raid${LEVEL}`,
    `MD_DEVICES=${members.length}`,
    'MD_METADATA=1.2',
    `MD_UUID=${uuid}`,
  ];
  return `${[...head, ...lines].join('\n')}\n`;
}

function scriptOf(folder: string, program: string): string {
  const log = `#!/bin/sh\necho "${program} $*" >>${folder}/calls\n`;
  if (program !== 'mdadm') return `${log}exec cat ${folder}/said/${program}\n`;
  return `${log}said=\nfor word; do case $word in /dev/*) said="$said ${folder}/said/\${word#/dev/}" ;; esac; done\nexec cat $said\n`;
}
