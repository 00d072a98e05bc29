// Arrays that root does not need, and arrays that stand on arrays.
import {
  array,
  arrayNotStarted,
  ends,
  mounted,
  neverReports,
  neverSees,
  priorBootSaid,
  reports,
  seesInOrder,
  startedWithoutAnotherWait,
  superblocksUnchanged,
} from '../scenario/expect.ts';
import { after, keys, type PriorBoot, plug, type Scenario, type } from '../scenario/scenario.ts';
import { shortWait, startedAfterShortWait, systemUp } from './words.ts';

const decided = "timeout 100 sh -c 'until grep -q finished /run/reliable-raid/arrays.json; do sleep 1; done'";
const states =
  'cat /proc/mdstat; cat /run/reliable-raid/arrays.json; ls /run/reliable-raid /run/reliable-raid/held';
const notStarted = '[ "$(cat /sys/block/md1/md/array_state 2>/dev/null || echo inactive)" = inactive ]';

/** The array is let alone, and told about, in the running system. */
const leftAlone = [decided, `${states} || true`, notStarted];

const until = (yes: string): string => `timeout 90 sh -c 'until ${yes}; do sleep 1; done'`;

const homeOnMd1 = (mountOptions: string): PriorBoot => ({
  run: [
    'mkfs.ext4 -q /dev/md1',
    `echo "UUID=$(blkid -p -s UUID -o value /dev/md1) /home ext4 ${mountOptions} 0 2" >>/etc/fstab; sync`,
  ],
});

export const otherArrays: readonly Scenario[] = [
  {
    id: 'B8',
    title: 'a disk of each of two arrays missing: the one root does not need stays untouched',
    layout: 'raid1-plus-data',
    absent: ['disk2', 'disk4'],
    // What happens to it later is another matter: B8-after.
    kernelArguments: [shortWait, 'systemd.mask=reliable-raid-arrays.service'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      ...startedAfterShortWait,
      array('md0', { degraded: 1 }),
      arrayNotStarted('md1'),
      superblocksUnchanged('disk2', 'disk3', 'disk4'),
      neverSees(/md1: active/),
    ],
  },
  {
    id: 'B8-data',
    title: 'only a disk of the other array is missing: the boot does not wait for it',
    layout: 'raid1-plus-data',
    absent: ['disk4'],
    // What happens to it later is another matter: B8-after.
    kernelArguments: ['systemd.mask=reliable-raid-arrays.service'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      neverSees(/NOTICE: array |md1: active/),
      superblocksUnchanged('disk3', 'disk4'),
    ],
  },
  {
    id: 'B8-after',
    title:
      'a disk of the other array missing: started after the image, by us and not by the last resort; degraded again',
    layout: 'raid1-plus-data',
    before: [
      {
        absent: ['disk4'],
        run: [
          "timeout 50 sh -c 'until grep -q finished /run/reliable-raid/arrays.json; do sleep 1; done'",
          'cat /run/reliable-raid/arrays.json',
          'grep -q "array-started" /run/reliable-raid/arrays.json',
          'test "$(cat /sys/block/md1/md/degraded)" = 1',
          'test -e /run/reliable-raid/decided/md1',
          '! systemctl start mdadm-last-resort@md1.service || ! systemctl is-failed mdadm-last-resort@md1.service',
          'test -z "$(systemctl --failed --plain --no-legend)"',
        ],
      },
    ],
    absent: ['disk4'],
    ends: 'system',
    expect: [...systemUp(/^\/dev\/md/), array('md0', { degraded: 0 }), neverSees(/NOTICE: array /)],
  },
  {
    id: 'B8-never',
    title:
      'the other array may never be started degraded, a disk of it missing: not in any boot, also where a person has started it in between',
    layout: 'raid1-plus-data',
    takesMinutes: true,
    ownImage: true,
    kernelArguments: [shortWait],
    before: [
      {
        run: [
          'mkdir -p /etc/reliable-raid',
          'printf \'[array."%s"]\\ndegraded = "never"\\n\' "$(mdadm --detail --export /dev/md1 | sed -n s/^MD_UUID=//p)" >/etc/reliable-raid/config.toml',
          // An image starts what is known to be degraded, unless it knows better.
          'reliable-raid images; update-initramfs -u',
        ],
      },
      { absent: ['disk4'], run: leftAlone },
      {
        absent: ['disk4'],
        run: [
          ...leftAlone,
          'reliable-raid start md1 </dev/null',
          '[ "$(cat /sys/block/md1/md/degraded)" = 1 ]',
          'dd if=/dev/zero of=/dev/md1 bs=64K count=4 conv=fsync status=none; cat /proc/mdstat',
        ],
      },
      { absent: ['disk4'], run: leftAlone },
    ],
    absent: ['disk4'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      arrayNotStarted('md1'),
      superblocksUnchanged('disk3'),
      neverSees(/NOTICE: array |md1: active/),
    ],
  },
  {
    id: 'B8-home',
    title: '/home on the other array, a disk of each missing: one wait in all, and /home is mounted',
    takesMinutes: true,
    layout: 'raid1-plus-data',
    before: [homeOnMd1('defaults')],
    absent: ['disk2', 'disk4'],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      mounted('/home', /^\/dev\/md/),
      array('md0', { degraded: 1 }),
      array('md1', { degraded: 1 }),
      reports('array-started', { degraded: true, due: [20, 2.5], times: 1 }),
      startedWithoutAnotherWait('md1'),
    ],
  },
  {
    id: 'B8-late',
    title:
      'a disk of the other array comes when the image has been left: what the image has begun is completed',
    layout: 'raid1-plus-data',
    absent: ['disk4'],
    steps: [after(/Queued start job for default target/, plug('disk4'))],
    ends: 'system',
    settle: true,
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      array('md1', { degraded: 0 }),
      neverSees(/NOTICE: array |md1: active with 1 out of 2/),
    ],
  },
  {
    id: 'B8-nofail',
    title:
      '/home on the other array, with nofail, and a disk much too late: nothing is held up, /home comes, the disk joins',
    takesMinutes: true,
    layout: 'raid1-plus-data',
    before: [homeOnMd1('nofail')],
    absent: ['disk4'],
    steps: [
      after(/md1: active with 1 out of 2/, plug('disk4'), 20),
      after(/md1: recover done/, type(keys.return)),
    ],
    ends: 'system',
    limit: 240,
    expect: [
      ends('system'),
      array('md0', { degraded: 0 }),
      // Where things stand when the system is up is another matter.
      seesInOrder(/md1: active with 1 out of 2/, /Mounted .*home/, /md1: recover done/),
      neverSees(/emergency mode/i),
    ],
  },
  {
    id: 'B8-back',
    title:
      '/home on the other array, used without one of its disks for a boot: that disk is given what it missed, and nothing else is lost',
    takesMinutes: true,
    layout: 'raid1-plus-data',
    before: [
      homeOnMd1('nofail'),
      { run: ['echo together >/home/first; sync'] },
      {
        absent: ['disk4'],
        run: [until('mountpoint -q /home'), 'echo alone >/home/second; sync'],
      },
      {
        run: [
          until('[ "$(cat /sys/block/md1/md/degraded)" = 0 ]'),
          'cat /home/first /home/second; cat /proc/mdstat',
          'echo check >/sys/block/md1/md/sync_action; mdadm --wait /dev/md1 || true',
          'echo "mismatches: $(cat /sys/block/md1/md/mismatch_cnt)"',
          'test -z "$(systemctl --failed --plain --no-legend)"',
        ],
      },
    ],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      mounted('/home', /^\/dev\/md/),
      array('md1', { degraded: 0 }),
      priorBootSaid(3, /together\s+alone[\s\S]*mismatches: 0/),
    ],
  },
  {
    id: 'B8-broken',
    title:
      'the engine of the running system is gone, a disk of the other array missing: mdadm starts it as without us',
    takesMinutes: true,
    layout: 'raid1-plus-data',
    before: [{ run: ['rm /usr/lib/reliable-raid/boot-engine; sync'] }],
    absent: ['disk4'],
    steps: [after(/md1: active with 1 out of 2/, type(keys.return))],
    ends: 'system',
    limit: 180,
    expect: [
      ends('system'),
      mounted('/', /^\/dev\/md/),
      seesInOrder(/Started mdadm-last-resort@md1\.time/, /md1: active with 1 out of 2/),
    ],
  },
  {
    id: 'B10',
    title: 'md on md, a disk of a lower array missing: layer by layer',
    layout: 'md-on-md',
    absent: ['disk2'],
    kernelArguments: [shortWait],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md1', { degraded: 1 }),
      array('md2', { degraded: 0 }),
      array('md0', { degraded: 0 }),
      ...startedAfterShortWait,
    ],
  },
  {
    id: 'B10-upper',
    title: 'md on md, both disks of a lower array missing: the upper one starts half a wait later',
    layout: 'md-on-md',
    absent: ['disk1', 'disk2'],
    kernelArguments: [shortWait],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md2', { degraded: 0 }),
      array('md0', { degraded: 1 }),
      reports('array-started', { degraded: true, times: 1 }),
      neverReports('array-started', { degraded: true, sinceDiscovery: [0, 7.499] }),
    ],
  },
];
