// Worse than stock in nothing: machines that changed after their image was made, and what stock Debian makes of the same machine.
import {
  array,
  dataSame,
  mounted,
  neverReports,
  neverSees,
  noLaterThanStock,
  prompts,
  reports,
  rootMounted,
  sees,
  stockEnds,
} from '../scenario/expect.ts';
import type { PriorBoot, Scenario } from '../scenario/scenario.ts';
import { member, notice, systemUp } from './words.ts';

/** What root holds, written down: `dataSame` looks at it. */
const KEEP_SUMS = [
  'head -c 32M /dev/urandom >/root/data',
  'md5sum /root/data /usr/bin/* >/root/data.sums 2>/dev/null || true',
  'sync',
];

const done = (...run: string[]): PriorBoot => ({ run: [...run, ...KEEP_SUMS] });

const extended = 'vgextend --quiet --yes vg0 /dev/md1';
const moved = [extended, 'pvmove --quiet /dev/md0', 'vgreduce --quiet vg0 /dev/md0'];
/** A running system has no modules of this kernel. */
const forPvmove = { runEarly: 'modprobe dm-mirror' };
const outdated = /the\s+list\s+in\s+this\s+image\s+is\s+older\s+than\s+the\s+machine/;

/** The image is the one of the machine before it changed. */
const older = (
  id: string,
  title: string,
  past: Required<Pick<Scenario, 'absent' | 'before'>> &
    Pick<Scenario, 'initrd' | 'kernelArguments' | 'notWithDracut' | 'onlyWithDracut'>,
  mostSecondsLater = 3,
): Scenario => {
  const isMissing = past.absent.includes('disk4');
  return {
    ...past,
    ...{ id, title, layout: 'lvm-two-mirrors', besideStock: true, ends: 'system' },
    limit: 180,
    expect: [
      ...systemUp(/vg0-root/),
      noLaterThanStock(mostSecondsLater),
      sees(outdated),
      ...(isMissing ? [reports('unlisted')] : []),
      array('md1', { degraded: isMissing ? 1 : 0 }),
      dataSame,
    ],
  };
};

const enough = 'dracut has the volume of root activated without a physical volume that it is not on';
const olderList: readonly Scenario[] = [
  older('C1-extended', "root's volume group extended onto a second mirror since, a disk of that missing", {
    before: [done(extended)],
    absent: ['disk4'],
    notWithDracut: enough,
  }),
  {
    id: 'C1-enough',
    onlyWithDracut: true,
    title:
      "root's volume group extended onto a second mirror since, a disk of that missing: the list is enough",
    layout: 'lvm-two-mirrors',
    before: [done(extended)],
    absent: ['disk4'],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/vg0-root/),
      rootMounted([0, 20]),
      neverSees(outdated),
      neverReports('unlisted'),
      dataSame,
    ],
  },
  older(
    'C1-known',
    "root's volume group extended onto a second mirror since, which has lost a disk by then: nobody is waited for",
    {
      before: [
        done(
          extended,
          `mdadm --fail --quiet /dev/md1 ${member('disk4')}`,
          `mdadm --remove --quiet /dev/md1 ${member('disk4')}`,
        ),
      ],
      absent: ['disk4'],
      notWithDracut: enough,
    },
    // Without a gate udev starts it at once. Here nothing can tell yet whether another half comes, and the scripts have two turns first.
    10,
  ),
  older('C1-grown', 'and root grown onto it', {
    before: [done(extended, 'lvextend --quiet --extents +100%FREE vg0/root', 'resize2fs /dev/vg0/root')],
    absent: ['disk4'],
  }),
  older(
    'C1-moved',
    'root moved to a second mirror since, all its disks there, those of the first taken out',
    { initrd: [forPvmove], before: [done(...moved)], absent: ['disk1', 'disk2'] },
  ),
  older('C1-moved-missing', 'the same, and a disk of the second mirror missing', {
    initrd: [forPvmove],
    before: [done(...moved)],
    absent: ['disk1', 'disk2', 'disk4'],
  }),
  older('C1-moved-auto', 'the same with rd.auto: our rule lets all arrays through by then', {
    initrd: [forPvmove],
    before: [done(...moved)],
    absent: ['disk1', 'disk2', 'disk4'],
    kernelArguments: ['rd.auto'],
    onlyWithDracut: true,
  }),
];

const growToThree = [
  'mdadm --stop --quiet /dev/md1',
  `wipefs --quiet --all ${member('disk3')}`,
  `mdadm --add --quiet /dev/md0 ${member('disk3')}`,
  'mdadm --grow --quiet /dev/md0 --raid-devices=3; sleep 2; cat /proc/mdstat',
];
/** It copies to its third disk, slowly, when it is shut down. */
const slowly = 'echo 1 >/proc/sys/dev/raid/speed_limit_min; echo 500 >/proc/sys/dev/raid/speed_limit_max';
/** Its status is 1 where there was nothing to wait for. */
const copied = 'mdadm --wait /dev/md0 || [ $? = 1 ]; cat /proc/mdstat';

const counted = (
  id: string,
  title: string,
  past: Required<Pick<Scenario, 'layout' | 'before'>>,
  ...expect: Scenario['expect']
): Scenario => ({
  ...past,
  ...{ id, title, besideStock: true, absent: ['disk2'], ends: 'system', limit: 180 },
  expect: [noLaterThanStock(), sees(/(waiting for|missing) +role 1 .*disk2/), dataSame, ...expect],
});

const counts: readonly Scenario[] = [
  counted(
    'C8-counts',
    'a mirror grown to three since, the third half copied, one missing: counted and named as they are',
    { layout: 'lvm-two-mirrors', before: [done(slowly, ...growToThree)] },
    ...systemUp(/vg0-root/),
    sees(/1\s+of\s+3\s+members/),
    sees(/present +role 2 /),
    sees(/does not count: its rebuild was not finished/),
    sees(/Next: attach or replace its missing disk/),
  ),
  counted(
    'C8-grown',
    'the same, the third copied',
    { layout: 'lvm-two-mirrors', before: [done(...growToThree, copied)] },
    ...systemUp(/vg0-root/),
    sees(/2\s+of\s+3\s+members/),
    neverSees(/does not count/),
    array('md0', { degraded: 1 }),
  ),
  counted(
    'C8-failed',
    'the same, the third had failed before',
    {
      layout: 'lvm-two-mirrors',
      before: [
        done(...growToThree, copied, `mdadm --fail --quiet /dev/md0 ${member('disk3')}; sync; sleep 1`),
      ],
    },
    ...systemUp(/vg0-root/),
    sees(/1\s+of\s+3\s+members/),
    sees(/present +role 2 /),
    sees(/does not count: its data is from/),
  ),
  counted(
    'C8-raid5',
    'RAID5 grown from three to four disks since',
    {
      layout: 'raid5x3',
      before: [
        done(
          `mdadm --add --quiet /dev/md0 ${member('disk4')}`,
          'mdadm --grow --quiet /dev/md0 --raid-devices=4; sleep 2; cat /proc/mdstat',
          copied,
          '[ "$(cat /sys/block/md0/md/reshape_position)" = none ]',
        ),
      ],
    },
    ...systemUp(/^\/dev\/md/),
    sees(/3\s+of\s+4\s+members/),
    array('md0', { degraded: 1 }),
  ),
];

/** RAID5 of three that grows to four when the machine is shut down: it goes no further than the first 20 MiB of each member. */
const growing = (...meanwhile: string[]): PriorBoot => ({
  run: [
    ...KEEP_SUMS,
    'echo 1 >/proc/sys/dev/raid/speed_limit_min; echo 500 >/proc/sys/dev/raid/speed_limit_max',
    `mdadm --add --quiet /dev/md0 ${member('disk4')}`,
    'mdadm --grow --quiet /dev/md0 --raid-devices=4; sleep 2; cat /proc/mdstat',
    ...meanwhile,
    '[ "$(cat /sys/block/md0/md/reshape_position)" != none ]',
  ],
});

const reshape: readonly Scenario[] = [
  {
    id: 'C3-growing',
    title: 'RAID5 growing from three to four disks, one missing: started after its wait',
    layout: 'raid5x3',
    besideStock: true,
    before: [growing()],
    absent: ['disk2'],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      noLaterThanStock(),
      sees(notice),
      reports('array-started', { degraded: true, times: 1 }),
      neverReports('asked'),
      array('md0', { degraded: 1 }),
      dataSame,
    ],
  },
  {
    id: 'C3-failed',
    title: 'the same, the missing disk had failed before: nobody is waited for',
    layout: 'raid5x3',
    besideStock: true,
    before: [growing(`mdadm --fail --quiet /dev/md0 ${member('disk2')}`, 'sync', 'sleep 1')],
    absent: ['disk2'],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      noLaterThanStock(),
      neverReports('asked'),
      array('md0', { degraded: 1 }),
      dataSame,
    ],
  },
];

/** Shut down by a power cut amid a write: md holds its parity for wrong. */
const cutAmidWrites: PriorBoot = {
  run: [
    ...KEEP_SUMS,
    'echo 600 >/sys/block/md0/md/safe_mode_delay',
    'echo >/root/last; sync',
    'cat /sys/block/md0/md/array_state',
  ],
  powerFails: true,
};

const told: readonly Scenario[] = [
  {
    id: 'C4-told',
    title: 'dirty RAID5, one disk missing, md_mod.start_dirty_degraded=1: no question',
    layout: 'raid5x3',
    besideStock: true,
    before: [cutAmidWrites],
    kernelArguments: ['md_mod.start_dirty_degraded=1'],
    absent: ['disk2'],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      noLaterThanStock(),
      neverReports('asked'),
      sees(/start_dirty_degraded/),
      reports('array-started', { degraded: true, times: 1 }),
      array('md0', { degraded: 1 }),
      dataSame,
    ],
  },
];

const stale: readonly Scenario[] = [
  {
    id: 'C6-stale',
    title: 'both disks of a mirror, one away for the last boot: no wait',
    layout: 'raid1-ext4',
    besideStock: true,
    before: [{ run: ['true'] }, { absent: ['disk2'], run: [...KEEP_SUMS] }],
    ends: 'system',
    expect: [...systemUp(/^\/dev\/md/), noLaterThanStock(), neverSees(notice), dataSame],
  },
];

const keys: readonly Scenario[] = [
  {
    id: 'C2-key',
    title: "root's key is a file on /boot's own mirror, a disk missing: both arrays, no prompt, root",
    layout: 'key-on-boot',
    besideStock: true,
    notWithDracut: 'systemd opens no LUKS device with a keyscript',
    absent: ['disk2'],
    ends: 'system',
    limit: 240,
    expect: [
      ...systemUp(/vg0-root/),
      noLaterThanStock(),
      sees(notice),
      reports('array-started', { degraded: true, times: 2 }),
      array('md0', { degraded: 1 }),
      array('md1', { degraded: 1 }),
      prompts(0),
    ],
  },
];

/** A script in local-top brings the second member: whoever waits for it before that script waits in vain. */
const network: readonly Scenario[] = [
  {
    id: 'C7-nbd',
    title:
      'a member that a script of the administrator brings over the network: it has its turn, nobody waits',
    layout: 'raid1-nbd',
    besideStock: true,
    notWithDracut: 'the script that brings the member is one of initramfs-tools (local-top)',
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      noLaterThanStock(),
      neverSees(notice),
      neverReports('array-started'),
      array('md0', { degraded: 0 }),
    ],
  },
];

const shutOut: readonly Scenario[] = [
  {
    id: 'C5-device',
    title: 'mdadm.conf names the disks of an old controller: the array is known by its UUID',
    layout: 'raid1-ext4',
    besideStock: true,
    notWithDracut: 'such an image assembles nothing without us, whatever mdadm.conf says',
    initrd: [
      {
        edit: 'etc/mdadm/mdadm.conf',
        to: (content) => `DEVICE /dev/disk/by-path/pci-0000:00:1f.2-*\n${content}`,
      },
    ],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      stockEnds('shell'),
      neverSees(/starting array |start degraded now|is started degraded/),
      array('md0', { degraded: 0 }),
      rootMounted([0, 40]),
    ],
  },
];

/** Where stock's clock and ours begin elsewhere. */
const clocks: readonly Scenario[] = [
  {
    id: 'C10-usual',
    title: 'the usual encrypted installation, a disk missing: its two arrays, and the prompt between them',
    layout: 'encrypted-usual',
    besideStock: true,
    absent: ['disk2'],
    ends: 'system',
    limit: 240,
    expect: [
      ...systemUp(/vg0-root/),
      noLaterThanStock(),
      mounted('/boot', /^\/dev\/md/),
      array('md0', { degraded: 1 }),
      array('md1', { degraded: 1 }),
    ],
  },
  {
    id: 'C9-rootdelay',
    title:
      'rootdelay= is slept first: the disk that is missing is waited for no longer than that and a little',
    layout: 'raid1-ext4',
    besideStock: true,
    notWithDracut: 'rootdelay= is an argument of initramfs-tools',
    kernelArguments: ['rootdelay=25'],
    absent: ['disk2'],
    ends: 'system',
    limit: 180,
    expect: [...systemUp(/^\/dev\/md/), noLaterThanStock(), sees(notice), array('md0', { degraded: 1 })],
  },
  ...[
    {
      id: 'C9-layers',
      title: 'md on md, both disks of a lower array missing: waits do not add up',
      absent: ['disk1', 'disk2'],
      missingOfMd2: 0,
    },
    {
      id: 'C9-both',
      title: 'md on md, one lower array missing, a disk of the other too',
      absent: ['disk1', 'disk2', 'disk3'],
      missingOfMd2: 1,
    },
  ].map(
    ({ missingOfMd2, ...row }): Scenario => ({
      ...row,
      layout: 'md-on-md',
      besideStock: true,
      ends: 'system',
      limit: 180,
      expect: [
        ...systemUp(/^\/dev\/md/),
        noLaterThanStock(),
        sees(notice),
        array('md2', { degraded: missingOfMd2 }),
        array('md0', { degraded: 1 }),
      ],
    }),
  ),
];

export const besideStock: readonly Scenario[] = [
  ...olderList,
  ...keys,
  ...reshape,
  ...told,
  ...shutOut,
  ...stale,
  ...network,
  ...counts,
  ...clocks,
];
