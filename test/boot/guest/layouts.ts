// The disks of the machines that are tested.
import {
  array,
  type Layout,
  luks,
  type Mount,
  networkDevice,
  networkServer,
  passphrase,
  volumeGroup,
  writeFile,
} from './layout.ts';

const root = (on: string): Mount => ({ at: '/', on, type: 'ext4' });
const whole = (size: string) => ({ size, partitions: ['rest'] });

const usualDisk = { size: '2000M', partitions: ['256M', 'rest'] };
const usualLayers = [
  array('md0', 1, ['disk1p1', 'disk2p1']),
  array('md1', 1, ['disk1p2', 'disk2p2']),
  luks('md1_crypt', 'md1'),
  volumeGroup('vg0', 'mapper/md1_crypt', { swap: '-L 64M', root: '-l 100%FREE' }),
];
const usualMounts: readonly Mount[] = [
  root('vg0/root'),
  { at: '/boot', on: 'md0', type: 'ext4' },
  { at: 'none', on: 'vg0/swap', type: 'swap' },
];

export const layouts: readonly Layout[] = [
  {
    name: 'raid1-ext4',
    title: 'ext4 on RAID1 of two disks',
    disks: { disk1: whole('1600M'), disk2: whole('1600M') },
    layers: [array('md0', 1, ['disk1p1', 'disk2p1'])],
    mounts: [root('md0')],
  },
  {
    name: 'raid1-luks-lvm',
    title: 'LVM on LUKS on RAID1 of two disks',
    disks: { disk1: whole('1700M'), disk2: whole('1700M') },
    layers: [
      array('md0', 1, ['disk1p1', 'disk2p1']),
      luks('md0_crypt', 'md0'),
      volumeGroup('vg0', 'mapper/md0_crypt', { root: '-l 100%FREE' }),
    ],
    mounts: [root('vg0/root')],
  },
  {
    name: 'two-luks-lvm',
    title: 'LVM on two LUKS containers, each on a mirror of its own',
    disks: {
      disk1: { size: '2000M', partitions: ['1000M', 'rest'] },
      disk2: { size: '2000M', partitions: ['1000M', 'rest'] },
    },
    layers: [
      array('md0', 1, ['disk1p1', 'disk2p1']),
      array('md1', 1, ['disk1p2', 'disk2p2']),
      luks('md0_crypt', 'md0'),
      luks('md1_crypt', 'md1'),
      volumeGroup('vg0', 'mapper/md0_crypt mapper/md1_crypt', { root: '-l 100%FREE' }),
    ],
    mounts: [root('vg0/root')],
  },
  {
    name: 'raid1-luks-splash',
    title: 'LVM on LUKS on RAID1 of two disks, behind a boot splash',
    disks: { disk1: whole('1900M'), disk2: whole('1900M') },
    packages: ['plymouth', 'plymouth-themes', 'plymouth-label', 'fontconfig', 'fonts-dejavu-core'],
    layers: [
      array('md0', 1, ['disk1p1', 'disk2p1']),
      luks('md0_crypt', 'md0'),
      volumeGroup('vg0', 'mapper/md0_crypt', { root: '-l 100%FREE' }),
    ],
    mounts: [root('vg0/root')],
    administrator: ['chroot /target plymouth-set-default-theme spinner'],
  },
  {
    name: 'raid1-plus-data',
    title: 'root on RAID1, an unrelated RAID1, and a disk that is not used yet',
    disks: {
      ...{ disk1: whole('1600M'), disk2: whole('1600M') },
      ...{ disk3: whole('64M'), disk4: whole('64M'), disk5: whole('64M') },
    },
    layers: [array('md0', 1, ['disk1p1', 'disk2p1']), array('md1', 1, ['disk3p1', 'disk4p1'])],
    mounts: [root('md0')],
  },
  {
    name: 'raid1-people',
    title: 'the same, with people who log in, a mail server and a web server',
    disks: {
      ...{ disk1: whole('1800M'), disk2: whole('1800M') },
      ...{ disk3: whole('64M'), disk4: whole('64M') },
    },
    packages: ['libpam-systemd', 'exim4-daemon-light', 'openssl', 'python3'],
    layers: [array('md0', 1, ['disk1p1', 'disk2p1']), array('md1', 1, ['disk3p1', 'disk4p1'])],
    mounts: [root('md0')],
  },
  {
    name: 'raid5x3',
    title: 'ext4 on RAID5 of three disks, and one that is not used yet',
    disks: { disk1: whole('900M'), disk2: whole('900M'), disk3: whole('900M'), disk4: whole('900M') },
    layers: [array('md0', 5, ['disk1p1', 'disk2p1', 'disk3p1'])],
    mounts: [root('md0')],
  },
  {
    name: 'raid6x4',
    title: 'ext4 on RAID6 of four disks',
    disks: { disk1: whole('900M'), disk2: whole('900M'), disk3: whole('900M'), disk4: whole('900M') },
    layers: [array('md0', 6, ['disk1p1', 'disk2p1', 'disk3p1', 'disk4p1'])],
    mounts: [root('md0')],
  },
  {
    name: 'raid10x4',
    title: 'ext4 on RAID10 of four disks',
    disks: { disk1: whole('900M'), disk2: whole('900M'), disk3: whole('900M'), disk4: whole('900M') },
    layers: [array('md0', 10, ['disk1p1', 'disk2p1', 'disk3p1', 'disk4p1'])],
    mounts: [root('md0')],
  },
  {
    name: 'md-on-md',
    title: 'ext4 on RAID1 of two RAID1',
    disks: { disk1: whole('1600M'), disk2: whole('1600M'), disk3: whole('1600M'), disk4: whole('1600M') },
    layers: [
      array('md1', 1, ['disk1p1', 'disk2p1']),
      array('md2', 1, ['disk3p1', 'disk4p1']),
      array('md0', 1, ['md1', 'md2']),
    ],
    mounts: [root('md0')],
  },
  {
    name: 'lvm-two-mirrors',
    title: 'LVM on RAID1, and a second RAID1 that is not used yet',
    disks: { disk1: whole('1700M'), disk2: whole('1700M'), disk3: whole('1700M'), disk4: whole('1700M') },
    layers: [
      array('md0', 1, ['disk1p1', 'disk2p1']),
      array('md1', 1, ['disk3p1', 'disk4p1']),
      volumeGroup('vg0', 'md0', { root: '-L 1500M' }),
    ],
    mounts: [root('vg0/root')],
  },
  {
    name: 'plain',
    title: 'ext4 on a partition, mdadm installed',
    disks: { disk1: whole('1600M') },
    layers: [],
    mounts: [root('disk1p1')],
  },
  {
    name: 'raid1-noconf',
    title: 'ext4 on RAID1, no ARRAY line for it, no host name in the image',
    disks: { disk1: whole('1600M'), disk2: whole('1600M') },
    layers: [array('md0', 1, ['disk1p1', 'disk2p1'])],
    mounts: [root('md0')],
    mdadmConf: 'no-arrays',
  },
  {
    name: 'encrypted-usual',
    title: '/boot on md0, LUKS with LVM (root, swap) on md1: the usual encrypted installation',
    disks: { disk1: usualDisk, disk2: usualDisk },
    layers: usualLayers,
    mounts: usualMounts,
  },
  {
    name: 'key-on-boot',
    title: 'the same, opened with a key that is a file on the mirror of /boot',
    disks: { disk1: usualDisk, disk2: usualDisk },
    layers: usualLayers,
    mounts: usualMounts,
    administrator: [
      'head -c 64 /dev/urandom >/target/boot/root.key',
      `printf %s '${passphrase}' | cryptsetup luksAddKey --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file - $(node md1) /target/boot/root.key`,
      'sed -i "s|none luks|/dev/disk/by-uuid/$(uuid_of $(node md0)):/root.key keyscript=passdev,luks|" /target/etc/crypttab',
    ],
  },
  {
    name: 'raid1-nbd',
    title: 'ext4 on RAID1 of a disk and a network block device that a script attaches',
    disks: { disk1: whole('1600M'), disk2: whole('1800M') },
    packages: ['nbd-client', 'nbd-server'],
    layers: [networkDevice('nbd0', 'disk2p1', '1599M'), array('md0', 1, ['disk1p1', 'nbd0'])],
    mounts: [root('md0')],
    administrator: [
      'chroot /target systemctl --quiet mask nbd-server',
      writeFile('/target/etc/initramfs-tools/hooks/storage-network', '755', [
        '#!/bin/sh',
        '[ "$1" != prereqs ] || exit 0',
        '. /usr/share/initramfs-tools/hook-functions',
        'copy_exec "$(command -v nbd-client)"',
        'copy_exec "$(command -v nbd-server)"',
        'manual_add_modules nbd',
      ]),
      writeFile('/target/etc/initramfs-tools/scripts/local-top/storage-network', '755', [
        '#!/bin/sh',
        '[ "$1" != prereqs ] || exit 0',
        ...networkServer('mount -t ext4 /dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_disk2-part1 /run/exported'),
        'nbd-client -N member 127.0.0.1 /dev/nbd0',
      ]),
    ],
  },
];

export function layoutNamed(name: string): Layout {
  const found = layouts.find((layout) => layout.name === name);
  if (found === undefined) {
    throw new Error(`no layout ${name}; there are: ${layouts.map((layout) => layout.name).join(', ')}`);
  }
  return found;
}
