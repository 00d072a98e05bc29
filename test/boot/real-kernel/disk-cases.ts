// Disks that misbehave under a real kernel and real md, and what the observer must see of them.

import type { Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { judgeVolume } from '../../../src/core/verdict/judge-volume.ts';

export interface Look extends Snapshot {
  readonly tookMs: number;
}

export interface DiskCase {
  readonly name: string;
  /** Much like another one: only in a run of everything. */
  readonly alike?: true;
  /** Options of scsi_debug. All disks of a host show one store; they are sda, sdb, … */
  readonly scsi: string;
  /** Shell; `look NAME` keeps what the observer sees, `pull sdb` and `replug` are what a person does. */
  readonly script: string;
  /** Of each look, in one line: `sda/0@md0` members, then `md0:state`, `!sdb` dead members. */
  readonly expect: Readonly<Record<string, string>>;
  /** What the lines do not tell. */
  readonly further?: (
    looks: Readonly<Record<string, Look>>,
    out: Readonly<Record<string, string>>,
  ) => string | null;
}

const THREE = 'add_host=3 per_host_store=1';
const TWO = 'add_host=2 per_host_store=1';

export const diskCases: readonly DiskCase[] = [
  {
    name: 'a disk pulled from an inactive array and plugged in again',
    scsi: THREE,
    script: `
      create md0 --level=5 --raid-devices=3 /dev/sda /dev/sdb /dev/sdc
      mdadm --stop /dev/md0
      mdadm -I /dev/sda; mdadm -I /dev/sdb
      look before
      pull sdb
      mdadm -If sdb && echo removed >>out/removed
      look pulled
      replug
      mdadm -I /dev/sdd && echo taken >>out/removed
      look again
      # What the engine has to do.
      mdadm --stop /dev/md0
      for disk in a c d; do mdadm -I /dev/sd$disk; done
      look mended`,
    expect: {
      before: 'sda/0@md0 sdb/1@md0 sdc/2 md0:inactive',
      pulled: 'sda/0@md0 sdc/2 md0:inactive!sdb',
      again: 'sda/0@md0 sdc/2 sdd/1 md0:inactive!sdb',
      mended: 'sda/0@md0 sdc/2@md0 sdd/1@md0 md0:read-auto',
    },
    further: ({ pulled }, out) =>
      out['removed'] !== undefined
        ? 'mdadm can do by itself what it could not'
        : pulled?.arrays[0]?.uuid === null
          ? 'the array is not known any more'
          : null,
  },
  {
    name: 'the only disk of an array pulled and plugged in again',
    alike: true,
    scsi: TWO,
    script: `
      create md0 --level=1 --raid-devices=2 /dev/sda /dev/sdb
      mdadm --stop /dev/md0
      mdadm -I /dev/sda
      pull sda
      look pulled
      replug
      look again`,
    expect: { pulled: 'sdb/1 md0:inactive!sda', again: 'sdb/1 sdc/0 md0:inactive!sda' },
    further: ({ again }) =>
      again?.arrays[0]?.uuid === again?.members[0]?.superblock.arrayUuid
        ? null
        : 'whose array it is is not known',
  },
  {
    name: 'two paths to one disk',
    scsi: 'add_host=1 num_tgts=1 max_luns=2',
    script: `
      create md0 --level=1 --raid-devices=2 /dev/sda missing
      mdadm --stop /dev/md0
      udevadm trigger --settle --subsystem-match=block
      look paths
      mdadm -I /dev/sda; mdadm -I /dev/sdb && echo twice >>out/twice
      look assembled`,
    expect: { paths: 'sda/0 sdb/0', assembled: 'sda/0@md0 sdb/0 md0:read-auto' },
    further: (_looks, out) => (out['twice'] === undefined ? null : 'md took one disk twice'),
  },
  {
    name: 'a dd copy of a whole array',
    scsi: 'add_host=4 per_host_store=1',
    script: `
      create md0 --level=1 --raid-devices=2 /dev/sda /dev/sdb
      mdadm --stop /dev/md0
      dd if=/dev/sda of=/dev/sdc bs=1M status=none; dd if=/dev/sdb of=/dev/sdd bs=1M status=none
      udevadm trigger --settle --subsystem-match=block
      mdadm -I /dev/sda; mdadm -I /dev/sdc && echo taken >>out/taken
      look one
      # What mdadm does not do, somebody may.
      echo md9 >/sys/module/md_mod/parameters/new_array
      echo 1.2 >/sys/block/md9/md/metadata_version
      cat /sys/class/block/sdd/dev >/sys/block/md9/md/new_dev
      look two`,
    expect: {
      one: 'sda/0@md0 sdb/1 sdc/0 sdd/1 md0:inactive',
      two: 'sda/0@md0 sdb/1 sdc/0 sdd/1@md9 md0:inactive md9:inactive',
    },
    further: ({ two }, out) => {
      if (out['taken'] !== undefined) return `mdadm: ${out['taken']}`;
      return two?.arrays[0]?.uuid === two?.arrays[1]?.uuid ? null : 'they are not one array to the observer';
    },
  },
  {
    name: 'a foreign array of the same name',
    scsi: 'add_host=4 per_host_store=1',
    script: `
      create md0 --level=1 --raid-devices=2 --homehost=guest --name=0 /dev/sda /dev/sdb
      create md1 --level=1 --raid-devices=2 --homehost=guest --name=0 /dev/sdc /dev/sdd
      mdadm --stop /dev/md0; mdadm --stop /dev/md1
      look stopped
      for disk in c d a b; do mdadm -I /dev/sd$disk; done
      look assembled`,
    expect: {
      stopped: 'sda/0 sdb/1 sdc/0 sdd/1',
      assembled: 'sda/0@md126 sdb/1@md126 sdc/0@md127 sdd/1@md127 md126:read-auto md127:read-auto',
    },
    further: ({ assembled }) => {
      const names = new Set(assembled?.members.map(({ superblock }) => superblock.name));
      const uuids = assembled?.arrays.map(({ uuid }) => uuid) ?? [];
      return names.size === 1 && uuids[0] !== uuids[1] ? null : `${[...names]} ${uuids}`;
    },
  },
  {
    name: 'members that answer reads with errors, or not at all',
    scsi: THREE,
    script: `
      for disk in a b c; do dmsetup create d$disk --table "0 $(blockdev --getsz /dev/sd$disk) linear /dev/sd$disk 0"; done
      create md0 --level=5 --raid-devices=3 /dev/mapper/da /dev/mapper/db /dev/mapper/dc
      mdadm --stop /dev/md0
      look whole
      size=$(blockdev --getsz /dev/sdb)
      dmsetup suspend db; dmsetup load db --table "0 $size error"; dmsetup resume db
      look errors
      dmsetup suspend dc
      look hangs
      dmsetup resume dc
      look resumed`,
    expect: {
      whole: 'dm-0/0 dm-1/1 dm-2/2',
      errors: 'dm-0/0 dm-2/2',
      hangs: 'dm-0/0',
      resumed: 'dm-0/0 dm-2/2',
    },
    further: ({ hangs, errors }) =>
      (errors?.tookMs ?? 0) < 4000 && (hangs?.tookMs ?? 0) < 12_000
        ? null
        : `errors ${errors?.tookMs} ms, hangs ${hangs?.tookMs} ms`,
  },
  {
    name: 'a superblock at the end of a disk and of its partition',
    alike: true,
    scsi: TWO,
    script: `
      # Ends in the same 64 KiB as its disk.
      for disk in a b; do echo '2048,,fd' | sfdisk -q /dev/sd$disk; done
      udevadm settle
      create md0 --metadata=0.90 --level=1 --raid-devices=2 /dev/sda1 /dev/sdb1
      mdadm --stop /dev/md0
      udevadm trigger --settle --subsystem-match=block
      look udev
      mv /run/udev/data /run/udev/away; look alone; mv /run/udev/away /run/udev/data`,
    expect: { udev: 'sda1/0 sdb1/1', alone: 'sda1/0 sdb1/1' },
  },
  {
    name: 'an old superblock of the whole disk below a partition table',
    alike: true,
    scsi: TWO,
    script: `
      create md0 --level=1 --raid-devices=2 /dev/sda /dev/sdb
      mdadm --stop /dev/md0
      for disk in a b; do echo '2048,,fd' | sfdisk -q --wipe never --force /dev/sd$disk; done
      udevadm settle
      create md1 --level=1 --raid-devices=2 /dev/sda1 /dev/sdb1
      udevadm trigger --settle --subsystem-match=block
      look held
      mdadm --stop /dev/md1
      mv /run/udev/data /run/udev/away; look alone; mv /run/udev/away /run/udev/data`,
    expect: { held: 'sda1/0@md1 sdb1/1@md1 md1:clean', alone: 'sda1/0 sdb1/1' },
  },
  ...['imsm', 'ddf'].map(
    (kind): DiskCase => ({
      name: `disks of a container, ${kind}`,
      scsi: 'add_host=2 per_host_store=1 dev_size_mb=120',
      script: `
      export IMSM_NO_PLATFORM=1
      mdadm --create --run /dev/md/c -e ${kind} -n 2 /dev/sda /dev/sdb
      mdadm --create --run /dev/md/v --level=1 -n 2 -z 20M /dev/md/c
      udevadm settle; sleep 2
      mdadm --wait-clean /dev/md/v; mdadm --stop /dev/md/v; mdadm --stop /dev/md/c
      udevadm trigger --settle --subsystem-match=block
      unset IMSM_NO_PLATFORM
      look whole
      pull sdb
      look pulled`,
      expect: { whole: '', pulled: '' },
      further: ({ whole, pulled }) => {
        const uuid = whole?.external?.[0]?.examined?.volumes[0]?.uuid;
        if (uuid === undefined) return 'mdadm did not tell of a volume';
        const words = [whole, pulled].map((look) => judgeVolume(uuid, look?.external ?? []).kind).join(' ');
        return words === 'complete degraded' ? null : words;
      },
    }),
  ),
];
