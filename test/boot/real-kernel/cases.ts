// Machines that a script sets up under a real kernel, and what `resolve` must say of them.
import type { Expectation } from '../../support/expected-watchlist.ts';

export interface RealCase {
  readonly name: string;
  /** Much like another one: only in a run of everything. */
  readonly alike?: true;
  /** Debian packages that the guests do not have. */
  readonly packages?: readonly string[];
  readonly disks: number;
  /** Shell; `md` makes an array, `fs` an ext4 with a label, `luks DEVICE NAME` a mapping. */
  readonly setup: string;
  readonly fstab: string;
  readonly resume?: string;
  /** Folder of the root that is asked about, with the fstab put there; without it only that file counts. */
  readonly root?: string;
  /** Words before the command, such as `unshare --pid`. */
  readonly under?: string;
  readonly expect: Expectation;
  /** What is said instead, where it cannot be told which arrays are needed. */
  readonly fails?: RegExp;
}

const TWO = [0, 1];
const plain = { level: 1, metadata: '1.2', layer: 0, neededBy: ['/'], roles: TWO };

export const realCases: readonly RealCase[] = [
  {
    name: 'metadata-versions',
    disks: 9,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc --homehost=box --name=root
      md md1 5 1.0 /dev/ubdd /dev/ubde /dev/ubdf --bitmap=internal
      md md2 1 0.90 /dev/ubdg /dev/ubdh
      md md3 1 1.1 /dev/ubdi missing
      fs /dev/md0 root; fs /dev/md1 usr; fs /dev/md2 srv; mkswap -q -L swap /dev/md3`,
    fstab: `
      LABEL=root / ext4 defaults 0 1
      /dev/disk/by-label/usr /usr ext4 defaults 0 2
      /dev/md2 /srv ext4 x-initrd.mount 0 2`,
    resume: 'LABEL=swap',
    expect: {
      arrays: {
        md0: plain,
        md1: { level: 5, metadata: '1.0', layer: 0, neededBy: ['/usr'], roles: [0, 1, 2] },
        md2: { ...plain, metadata: '0.90', neededBy: ['/srv'] },
        md3: { ...plain, metadata: '1.1', neededBy: ['resume'], roles: [0] },
      },
    },
  },
  {
    name: 'lvm-on-luks',
    disks: 4,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      luks /dev/md0 md0_crypt
      vgcreate vg-root /dev/mapper/md0_crypt
      lvcreate -y -L 20M -n root vg-root; lvcreate -y -L 12M -n swap_1 vg-root
      fs /dev/vg-root/root root; mkswap -q /dev/vg-root/swap_1; fs /dev/md1 data`,
    fstab: `
      /dev/mapper/vg--root-root / ext4 defaults 0 1
      LABEL=data /data ext4 defaults 0 2`,
    resume: '/dev/vg-root/swap_1',
    expect: {
      arrays: { md0: { ...plain, neededBy: ['/', 'resume'] } },
      kinds: ['lvm', 'crypt', 'md', 'disk'],
    },
  },
  {
    name: 'lvm-kinds',
    disks: 7,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      md md2 1 1.2 /dev/ubdf /dev/ubdg
      vgcreate vgroot /dev/md0 /dev/md1 /dev/md2
      lvcreate -y --type thin-pool -L 24M -n pool vgroot /dev/md0
      lvcreate -y -V 20M --thin -n thin vgroot/pool
      lvcreate -y --type raid1 -m1 -L 12M -n mirrored vgroot /dev/md0 /dev/md1
      lvcreate -y -L 12M -n linear vgroot /dev/md1
      lvcreate -y -s -L 8M -n frozen vgroot/linear /dev/md1
      fs /dev/vgroot/thin root; fs /dev/vgroot/mirrored usr; fs /dev/vgroot/linear srv`,
    fstab: `
      /dev/vgroot/thin / ext4 defaults 0 1
      LABEL=usr /usr ext4 defaults 0 2
      /dev/vgroot/linear /srv ext4 x-initrd.mount 0 2
      /dev/vgroot/frozen /snap ext4 x-initrd.mount 0 2`,
    // A volume group is activated when it is whole: each mount needs all three, whichever its extents are on.
    expect: {
      arrays: {
        md0: { ...plain, neededBy: ['/', '/usr', '/srv', '/snap'] },
        md1: { ...plain, neededBy: ['/', '/usr', '/srv', '/snap'] },
        md2: { ...plain, neededBy: ['/', '/usr', '/srv', '/snap'] },
      },
      kinds: ['lvm', 'thin', 'volume-group'],
    },
  },
  {
    name: 'lvm-cache-under-luks',
    alike: true,
    disks: 4,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      vgcreate vgroot /dev/md0 /dev/md1
      lvcreate -y -L 40M -n root vgroot /dev/md0
      lvcreate -y -L 20M -n fast vgroot /dev/md1
      lvconvert -y --type cache --cachevol fast vgroot/root
      luks /dev/vgroot/root opened
      fs /dev/mapper/opened root`,
    fstab: '/dev/mapper/opened / ext4 defaults 0 1',
    expect: { arrays: { md0: plain, md1: plain }, kinds: ['crypt', 'lvm', 'md', 'disk'] },
  },
  {
    name: 'md-on-md-partitioned',
    disks: 6,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      md md2 0 1.2 /dev/md0 /dev/md1
      printf 'label: gpt\\nsize=60M, name=first\\nname=second\\n' | sfdisk -q /dev/md2
      udevadm settle
      fs /dev/md2p2 root`,
    fstab: 'PARTLABEL=second / ext4 defaults 0 1',
    expect: {
      arrays: {
        md0: plain,
        md1: plain,
        md2: { ...plain, level: 0, layer: 1, standsOn: ['md0', 'md1'] },
      },
      kinds: ['partition', 'md', 'disk'],
    },
  },
  {
    name: 'md-on-luks',
    alike: true,
    disks: 4,
    setup: `
      luks /dev/ubdb one; luks /dev/ubdc two
      md md0 1 1.2 /dev/mapper/one /dev/mapper/two
      md md1 1 1.2 /dev/ubdd /dev/ubde
      vgcreate vgone /dev/md0; lvcreate -y -L 20M -n root vgone; fs /dev/vgone/root root; fs /dev/md1 usr`,
    fstab: `
      /dev/vgone/root / ext4 defaults 0 1
      LABEL=usr /usr ext4 defaults 0 1`,
    expect: {
      arrays: { md0: { ...plain, behindPassphrase: true }, md1: { ...plain, neededBy: ['/usr'] } },
      kinds: ['crypt'],
    },
  },
  {
    name: 'integrity-below-md',
    alike: true,
    disks: 2,
    setup: `
      for disk in b c; do
        integritysetup format -q --no-wipe /dev/ubd$disk; integritysetup open --integrity-recalculate /dev/ubd$disk whole_$disk
      done
      md md0 1 1.2 /dev/mapper/whole_b /dev/mapper/whole_c
      fs /dev/md0 root`,
    fstab: 'LABEL=root / ext4 defaults 0 1',
    expect: { arrays: { md0: plain }, kinds: ['integrity', 'disk'] },
  },
  {
    name: 'btrfs-on-arrays',
    alike: true,
    packages: ['btrfs-progs'],
    disks: 5,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      mkfs.btrfs -q -f -L root /dev/md0 /dev/md1 /dev/ubdf
      mkdir -p /mnt; mount /dev/md1 /mnt`,
    fstab: 'LABEL=root / btrfs subvol=@ 0 0',
    expect: { arrays: { md0: plain, md1: plain }, kinds: ['btrfs', 'disk'] },
  },
  {
    name: 'journal-spare-faulty',
    disks: 9,
    setup: `
      yes | mdadm --create /dev/md0 --run --level=5 --raid-devices=3 --write-journal /dev/ubde /dev/ubdb /dev/ubdc /dev/ubdd
      yes | mdadm --create /dev/md1 --run --level=1 --raid-devices=2 --spare-devices=1 /dev/ubdf /dev/ubdg /dev/ubdh
      yes | mdadm --create /dev/md2 --run --level=1 --raid-devices=2 /dev/ubdi /dev/ubdj
      fs /dev/md0 root; fs /dev/md1 usr; fs /dev/md2 srv
      mdadm --fail /dev/md2 /dev/ubdj; fs /dev/md2 srv`,
    fstab: `
      LABEL=root / ext4 defaults 0 1
      LABEL=usr /usr ext4 defaults 0 1
      LABEL=srv /srv ext4 x-initrd.mount 0 1`,
    expect: {
      arrays: {
        md0: { ...plain, level: 5, roles: [0, 1, 2, 'journal'] },
        md1: { ...plain, neededBy: ['/usr'], roles: [0, 1, 'spare'], outOfSync: ['spare'] },
        md2: { ...plain, neededBy: ['/srv'], outOfSync: [1] },
      },
    },
  },
  {
    // mdadm calls every member by its name under /dev/md.
    name: 'named-arrays-in-arrays',
    disks: 4,
    setup: `
      md md/a 1 1.2 /dev/ubdb /dev/ubdc
      md md/b 1 1.2 /dev/ubdd /dev/ubde
      md md/big 0 1.2 /dev/md/a /dev/md/b
      fs /dev/md/big root`,
    fstab: '/dev/md/big / ext4 defaults 0 1',
    expect: {
      arrays: {
        md127: plain,
        md126: plain,
        md125: { ...plain, level: 0, layer: 1, standsOn: ['md126', 'md127'] },
      },
      kinds: ['md', 'disk'],
    },
  },
  {
    name: 'md-on-logical-volumes',
    disks: 2,
    setup: `
      for disk in b c; do vgcreate vg$disk /dev/ubd$disk; lvcreate -y -L 60M -n leg vg$disk; done
      md md0 1 1.2 /dev/vgb/leg /dev/vgc/leg
      fs /dev/md0 root`,
    fstab: 'LABEL=root / ext4 defaults 0 1',
    expect: { arrays: { md0: plain }, kinds: ['md', 'lvm', 'disk'] },
  },
  {
    // Where there is nothing under /dev/md, mdadm takes the shortest name below /dev, links too.
    name: 'short-links',
    disks: 3,
    setup: `
      md md0 5 1.2 /dev/ubdb /dev/ubdc /dev/ubdd
      ln -s ubdb /dev/a; ln -s ubdd /dev/d1; ln -s md0 /dev/m
      fs /dev/md0 root`,
    fstab: '/dev/m / ext4 defaults 0 1',
    expect: { arrays: { md0: { ...plain, level: 5, roles: [0, 1, 2] } } },
  },
  {
    // What lvm.conf lets LVM's own commands see, and how they call it, changes nothing below the group.
    name: 'lvm-conf-names-and-filter',
    disks: 6,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      md md2 1 1.2 /dev/ubdf /dev/ubdg
      vgcreate vgroot /dev/md0 /dev/md1 /dev/md2
      lvcreate -y -L 12M -n root vgroot /dev/md0
      fs /dev/vgroot/root root
      cat >/etc/lvm/lvmlocal.conf <<-END
      devices {
        preferred_names = [ "^/dev/disk/by-id/" ]
        filter = [ "r|/dev/md1|", "r|/dev/disk/by-id/md-uuid|", "a|.*|" ]
        global_filter = [ "r|/dev/md2|", "a|.*|" ]
      }
END
      pvs`,
    fstab: '/dev/vgroot/root / ext4 defaults 0 1',
    expect: { arrays: { md0: plain, md1: plain, md2: plain }, kinds: ['volume-group'] },
  },
  {
    name: 'stopped-array-in-a-group',
    disks: 4,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      vgcreate vgroot /dev/md0 /dev/md1
      lvcreate -y -L 12M -n root vgroot /dev/md0
      fs /dev/vgroot/root root
      mdadm --stop /dev/md1
      pvs`,
    fstab: '/dev/vgroot/root / ext4 defaults 0 1',
    expect: { arrays: {} },
    fails: /error: LVM: only 1 of the 2 physical volumes of volume group vgroot are found \(missing: PV /,
  },
  {
    name: 'random-key-swap',
    alike: true,
    disks: 4,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      fs /dev/md0 root
      echo 'cswap /dev/md1 /dev/urandom swap,cipher=aes-xts-plain64,size=256' >/etc/crypttab
      cryptsetup open --type plain --cipher aes-xts-plain64 --key-size 256 --key-file /dev/urandom /dev/md1 cswap
      mkswap -q /dev/mapper/cswap; udevadm settle; dmsetup info -c`,
    fstab: 'LABEL=root / ext4 defaults 0 1',
    resume: '/dev/mapper/cswap',
    expect: { arrays: { md0: plain } },
  },
  {
    name: 'labels-as-fstab-writes-them',
    alike: true,
    disks: 4,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      fs /dev/md0 "$(printf 'Donn\\303\\251e')"; mkfs.ext4 -q -F -L 'a b' /dev/md1; udevadm settle`,
    fstab: `
      LABEL=Donn\\303\\251e / ext4 defaults 0 1
      LABEL=a\\040b /usr ext4 defaults 0 2`,
    expect: { arrays: { md0: plain, md1: { ...plain, neededBy: ['/usr'] } } },
  },
  {
    name: 'clone-of-a-mounted-root',
    alike: true,
    disks: 4,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      md md1 1 1.2 /dev/ubdd /dev/ubde
      fs /dev/md0 root
      dd if=/dev/md0 of=/dev/md1 bs=1M status=none; udevadm settle
      mkdir -p /mnt; mount /dev/md0 /mnt`,
    fstab: 'LABEL=root / ext4 defaults 0 1',
    root: '/mnt/.',
    expect: {
      arrays: { md0: plain },
      warnings: ['LABEL=root is on md0 and md1; md0 is mounted, and is followed'],
    },
  },
  {
    name: 'as-the-running-system',
    disks: 2,
    setup: 'md md0 1 1.2 /dev/ubdb /dev/ubdc; fs /dev/md0 root',
    fstab: 'LABEL=root / ext4 defaults 0 1',
    root: '/',
    expect: { arrays: { md0: plain }, warnings: ['says md0, but'] },
  },
  {
    // The kernel command line and the mounts that it sees are those of the host.
    name: 'in-a-container',
    alike: true,
    disks: 2,
    setup: 'md md0 1 1.2 /dev/ubdb /dev/ubdc; fs /dev/md0 root',
    fstab: 'LABEL=root / ext4 defaults 0 1',
    root: '/',
    under: 'unshare --pid --fork --mount-proc',
    expect: { arrays: { md0: plain }, warnings: ['this is a container: only /etc/fstab counts'] },
  },
  {
    name: 'not-understood',
    disks: 2,
    setup: 'md md0 1 1.2 /dev/ubdb /dev/ubdc; fs /dev/md0 root',
    fstab: '"/dev/md0" / ext4 defaults 0 1',
    expect: { arrays: {} },
    fails: /error: \/: ".*" is not understood/,
  },
  {
    name: 'pvs-that-hangs',
    alike: true,
    disks: 4,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      vgcreate vgroot /dev/md0; lvcreate -y -L 12M -n root vgroot; fs /dev/vgroot/root root
      rm -f /usr/sbin/pvs; printf '#!/bin/sh\\nsleep 15\\n' >/usr/sbin/pvs; chmod 755 /usr/sbin/pvs`,
    fstab: 'LABEL=root / ext4 defaults 0 1',
    expect: { arrays: {} },
    fails: /pvs: could not be run: hung: it did nothing for 5 s and was ended/,
  },
  {
    // The list that the last image got knows the disk.
    name: 'disk-that-is-gone',
    disks: 2,
    setup: `
      md md0 1 1.2 /dev/ubdb /dev/ubdc
      fs /dev/md0 root
      mkdir -p /tmp/image/etc; /run/job/input/reliable-raid resolve --image /tmp/image --fstab /run/job/fstab
      mdadm --wait /dev/md0; mdadm --fail /dev/md0 /dev/ubdc; sleep 1; mdadm --remove /dev/md0 /dev/ubdc
      mdadm --zero-superblock /dev/ubdc; udevadm settle
      /run/job/input/reliable-raid resolve --fstab /run/job/fstab`,
    fstab: 'LABEL=root / ext4 defaults 0 1',
    expect: { arrays: { md0: { ...plain, roles: [0] } }, labels: ['role 1: QEMU_HARDDISK (serial disk2)'] },
  },
];
