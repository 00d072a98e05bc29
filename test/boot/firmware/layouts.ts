// The machines that are started by their firmware, and what their administrators have typed.
import {
  array,
  type Layer,
  type Layout,
  type Mount,
  type Partition,
  volumeGroup,
  writeFile,
} from '../guest/layout.ts';
import { diskLink, type FirmwareLayout } from './firmware-layout.ts';

const BIOS_BOOT: Partition = { size: '1M', type: '21686148-6449-6E6F-744E-656564454649' };
const esp = (size: string): Partition => ({ size, type: 'uefi' });
const raid = (size: string): Partition => ({ size, type: 'raid' });

const root = (on: string): Mount => ({ at: '/', on, type: 'ext4' });
const bootEfi: Mount = { at: '/boot/efi', on: 'disk1p1', type: 'vfat', options: 'umask=0077' };

/** What a machine of a test says and does otherwise: on the serial line, at once, with a wait that is long enough to be seen. */
const KERNEL_WORDS = 'console=tty0 console=ttyS0,115200 norandmaps mitigations=off';
export const WAIT_MS = 3000;
export const WAIT_WORDS = [`reliable_raid.wait=${WAIT_MS / 1000}`];
const cmdline = [KERNEL_WORDS, ...WAIT_WORDS].join(' ');

const ofGrub = [
  writeFile('/target/etc/default/grub', '644', [
    'GRUB_DEFAULT=0',
    'GRUB_TIMEOUT=0',
    'GRUB_DISTRIBUTOR=Debian',
    'GRUB_CMDLINE_LINUX_DEFAULT=""',
    `GRUB_CMDLINE_LINUX="${cmdline}"`,
    'GRUB_TERMINAL=console',
    'GRUB_DISABLE_OS_PROBER=true',
  ]),
];
const ofSystemdBoot = [
  'mkdir -p /target/etc/kernel',
  `echo "$(root_argument) ro ${cmdline}" >/target/etc/kernel/cmdline`,
];

const BIOS = ['grub-pc'];
const EFI = ['grub-efi-amd64', 'systemd-boot', 'efibootmgr', 'dosfstools'];

const twoDisks = (size: string, partitions: readonly Partition[]): Layout['disks'] => ({
  disk1: { size, partitions },
  disk2: { size, partitions },
});

const biosMirror: Layout = {
  name: 'firmware-bios',
  title: 'BIOS: root with /boot on RAID1',
  disks: twoDisks('1500M', [BIOS_BOOT, raid('rest')]),
  packages: BIOS,
  layers: [array('md0', 1, ['disk1p2', 'disk2p2'])],
  mounts: [root('md0')],
  administrator: ofGrub,
};

const biosBootMirror: Layout = {
  ...biosMirror,
  name: 'firmware-bios-boot',
  title: 'BIOS: /boot and root on a RAID1 each',
  disks: twoDisks('1700M', [BIOS_BOOT, raid('200M'), raid('rest')]),
  layers: [array('md0', 1, ['disk1p2', 'disk2p2']), array('md1', 1, ['disk1p3', 'disk2p3'])],
  mounts: [root('md1'), { at: '/boot', on: 'md0', type: 'ext4' }],
};

const biosBootPlain: Layout = {
  ...biosMirror,
  name: 'firmware-bios-plain-boot',
  title: 'BIOS: /boot on a partition of the first disk, root on RAID1',
  disks: twoDisks('1700M', [BIOS_BOOT, { size: '200M', type: 'linux' }, raid('rest')]),
  layers: [array('md0', 1, ['disk1p3', 'disk2p3'])],
  mounts: [root('md0'), { at: '/boot', on: 'disk1p2', type: 'ext4' }],
};

const smallDisk = { size: '900M', partitions: [BIOS_BOOT, raid('rest')] };
const biosParity: Layout = {
  ...biosMirror,
  name: 'firmware-bios-raid5',
  title: 'BIOS: root with /boot on RAID5',
  disks: { disk1: smallDisk, disk2: smallDisk, disk3: smallDisk },
  layers: [array('md0', 5, ['disk1p2', 'disk2p2', 'disk3p2'])],
};

/** The user-mode kernel makes arrays as a new kernel does, and they are mended for older ones; not this. */
const madeUnderNew = (layer: Layer): Layer => ({
  ...layer,
  close: layer.close.filter((line) => !line.startsWith('mend_superblocks')),
});

const biosNewKernel: Layout = {
  ...biosMirror,
  name: 'firmware-bios-new-kernel',
  title: 'BIOS: root on LVM on two RAID1, one of which was made under Linux 6.19 or later',
  packages: [...BIOS, 'linux-image-cloud-amd64/trixie-backports'],
  disks: twoDisks('2500M', [BIOS_BOOT, raid('1200M'), raid('rest')]),
  layers: [
    array('md0', 1, ['disk1p2', 'disk2p2']),
    madeUnderNew(array('md1', 1, ['disk1p3', 'disk2p3'])),
    volumeGroup('vg0', 'md0 md1', { root: '--extents 100%FREE' }),
  ],
  mounts: [root('vg0/root')],
};

/** As the installer does it: an ESP on each disk, both formatted, one of them used. GRUB or systemd-boot comes onto it later. */
const efiMirror: Layout = {
  name: 'firmware-efi',
  title: 'EFI: root with /boot on RAID1, an ESP on each disk',
  disks: twoDisks('1700M', [esp('160M'), raid('rest')]),
  packages: EFI,
  layers: [array('md0', 1, ['disk1p2', 'disk2p2'])],
  mounts: [root('md0'), bootEfi],
  administrator: [...ofGrub, ...ofSystemdBoot, 'mkfs.vfat $(node disk2p1)'],
};

/** By its serial number: which disk becomes sda is another matter at every start. */
const disk = (number: number): string => diskLink(`disk${number}`);
const part = (number: number): string => `${disk(number)}-part1`;
const nodeOf = (link: string): string => `"$(readlink -f ${link})"`;

const inFstab = (from: string, to: string): string => `sed -i 's|${from}|${to}|' /etc/fstab`;
const withNofail = inFstab('umask=0077', 'umask=0077,nofail');

const addEntry = "efibootmgr --quiet --create --part 1 --loader '\\EFI\\debian\\grubx64.efi'";
const efiCommands: readonly string[] = ['grub-install', 'update-grub'];
const addKernel =
  'kernel-install add "$(uname -r)" "/boot/vmlinuz-$(uname -r)" "/boot/initrd.img-$(uname -r)"';

/** On one release, and on the one before. */
function asInstalled(suite: string, suffix: string): readonly FirmwareLayout[] {
  const release = suite === 'trixie' ? 'Debian 13' : 'Debian 12';
  const ofBios = { suite, firmware: 'bios', disks: biosMirror } as const;
  const ofEfi = { suite, firmware: 'efi', disks: efiMirror } as const;
  return [
    {
      ...ofBios,
      name: `bios-one${suffix}`,
      title: `${release}, as its installer leaves it with BIOS: GRUB on the first disk only`,
      commands: [`grub-install ${disk(1)}`, 'update-grub'],
      names: [/no disk that is left has a boot loader/],
    },
    {
      ...ofBios,
      name: `bios-both${suffix}`,
      title: `${release} with BIOS, the remedies typed as printed: GRUB on both disks`,
      after: `bios-one${suffix}`,
      commands: 'printed',
      promisesAll: true,
    },
    {
      ...ofEfi,
      name: `efi-one${suffix}`,
      title: `${release}, as its installer leaves it with EFI: GRUB on one ESP, which fstab demands`,
      commands: efiCommands,
      names: [/no EFI system partition that is left has a boot loader/, /has no nofail/],
    },
    {
      ...ofEfi,
      name: `efi-remedied${suffix}`,
      title: `${release} with EFI, the remedies typed as printed: GRUB on both ESPs, nofail`,
      after: `efi-one${suffix}`,
      commands: 'printed',
      promisesAll: true,
    },
  ];
}

export const firmwareLayouts: readonly FirmwareLayout[] = [
  ...asInstalled('trixie', ''),
  {
    name: 'bios-boot-mirror',
    title: '/boot on a mirror of its own, GRUB on both disks',
    ...{ suite: 'trixie', firmware: 'bios', disks: biosBootMirror },
    commands: [`grub-install ${disk(1)}`, `grub-install ${disk(2)}`, 'update-grub'],
    promisesAll: true,
  },
  {
    name: 'bios-plain-boot',
    title: '/boot on a partition of the first disk, GRUB on both disks',
    ...{ suite: 'trixie', firmware: 'bios', disks: biosBootPlain },
    commands: [`grub-install ${disk(1)}`, `grub-install ${disk(2)}`, 'update-grub'],
    names: [/GRUB cannot read \/boot/],
  },
  {
    name: 'bios-raid5-two',
    title: '/boot inside a root on RAID5, GRUB on two of three disks: BIOS comes to the other one first',
    ...{ suite: 'trixie', firmware: 'bios', disks: biosParity },
    commands: [`grub-install ${disk(1)}`, `grub-install ${disk(3)}`, 'update-grub'],
    names: [/a boot sector without a boot loader/],
  },
  {
    name: 'bios-raid5-remedied',
    title: 'that, the remedies typed as printed: GRUB on all three disks',
    ...{ suite: 'trixie', firmware: 'bios', disks: biosParity },
    after: 'bios-raid5-two',
    commands: 'printed',
    promisesAll: true,
  },
  {
    name: 'bios-new-kernel',
    title: 'a new kernel and the one of the release, root on an array that was made under the new one',
    ...{ suite: 'trixie', firmware: 'bios', disks: biosNewKernel },
    commands: ['update-initramfs -u -k all', ...[1, 2].map((n) => `grub-install ${disk(n)}`), 'update-grub'],
    promisesAll: true,
  },
  {
    name: 'bios-old-kernel',
    title: 'that, and GRUB starts the kernel of the release',
    ...{ suite: 'trixie', firmware: 'bios', disks: biosNewKernel },
    after: 'bios-new-kernel',
    commands: [`sed -i 's/^GRUB_DEFAULT=.*/GRUB_DEFAULT="1>2"/' /etc/default/grub`, 'update-grub'],
    names: [/kernel 6\.12\.\S+ cannot start array/],
  },
  {
    name: 'efi-both',
    title: 'GRUB on both ESPs, one of which fstab demands',
    ...{ suite: 'trixie', firmware: 'efi', disks: efiMirror },
    after: 'efi-one',
    commands: [
      'mkdir -p /boot/efi2',
      `mount ${part(2)} /boot/efi2`,
      'grub-install --efi-directory=/boot/efi2 --bootloader-id=debian-2',
      'umount /boot/efi2',
    ],
    names: [/has no nofail/],
  },
  {
    name: 'efi-one-nofail',
    title: 'GRUB on one ESP, with nofail in fstab',
    ...{ suite: 'trixie', firmware: 'efi', disks: efiMirror },
    after: 'efi-one',
    commands: [withNofail],
    names: [/no EFI system partition that is left has a boot loader/],
  },
  {
    name: 'efi-mirror',
    title: '/boot/efi on RAID1 with metadata 1.0, a boot entry for each half',
    ...{ suite: 'trixie', firmware: 'efi', disks: efiMirror },
    commands: [
      'umount /boot/efi',
      `wipefs --quiet --all ${part(1)} ${part(2)}`,
      `mdadm --create /dev/md1 --run --quiet --level=1 --metadata=1.0 --raid-devices=2 ${part(1)} ${part(2)}`,
      'mkfs.vfat /dev/md1',
      'udevadm settle',
      'sed -i "s|^UUID=[^ ]* /boot/efi|UUID=$(blkid -p -s UUID -o value /dev/md1) /boot/efi|" /etc/fstab',
      'mdadm --detail --brief /dev/md1 >>/etc/mdadm/mdadm.conf',
      'update-initramfs -u',
      'systemctl daemon-reload',
      'mount /boot/efi',
      'grub-install --no-nvram',
      'update-grub',
      `${addEntry} --disk ${nodeOf(disk(1))} --label debian`,
      `${addEntry} --disk ${nodeOf(disk(2))} --label debian-2`,
    ],
    promisesAll: true,
  },
  {
    name: 'efi-removable',
    title: 'GRUB at the removable-media path of both ESPs, no boot entry of its own',
    ...{ suite: 'trixie', firmware: 'efi', disks: efiMirror },
    commands: [
      withNofail,
      'grub-install --removable --no-nvram',
      'mkdir -p /boot/efi2',
      `mount ${part(2)} /boot/efi2`,
      'grub-install --removable --no-nvram --efi-directory=/boot/efi2',
      'umount /boot/efi2',
      'update-grub',
    ],
  },
  {
    name: 'systemd-boot-one',
    title: 'systemd-boot, the kernels on one ESP, with nofail in fstab',
    ...{ suite: 'trixie', firmware: 'efi', disks: efiMirror },
    commands: [withNofail, 'bootctl install', addKernel],
    names: [/no EFI system partition that is left has a boot loader/],
  },
  {
    name: 'systemd-boot-both',
    title: 'the remedies typed as printed: systemd-boot and the kernels on both ESPs',
    ...{ suite: 'trixie', firmware: 'efi', disks: efiMirror },
    after: 'systemd-boot-one',
    commands: 'printed',
    promisesAll: true,
  },
  ...asInstalled('bookworm', '-12'),
];
