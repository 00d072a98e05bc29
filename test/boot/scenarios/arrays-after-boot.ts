// What becomes, in the running system, of the arrays that root does not need.
import {
  array,
  arrayNotStarted,
  ends,
  mounted,
  neverSees,
  priorBootSaid,
  reports,
  seesInOrder,
  startedLaterByKey,
  startedWithoutAnotherWait,
  superblocksUnchanged,
} from '../scenario/expect.ts';
import { after, keys, type PriorBoot, plug, type Scenario, type } from '../scenario/scenario.ts';
import { member, notice, shortWait, systemStarts, systemUp, timeForSteps } from './words.ts';

/** systemd shortens the unit's name, or what it is for. */
const lastResort = /Started mdadm-last-resort@/;

const decided = "timeout 100 sh -c 'until grep -q finished /run/reliable-raid/arrays.json; do sleep 1; done'";
const states =
  'cat /proc/mdstat; cat /run/reliable-raid/arrays.json; ls /run/reliable-raid /run/reliable-raid/held';
const notStarted = '[ "$(cat /sys/block/md1/md/array_state 2>/dev/null || echo inactive)" = inactive ]';

/** The array is let alone, and told about, in the running system. */
const leftAlone = [decided, `${states} || true`, notStarted];

/** Where it does not come to that, the log of this boot tells why. */
const until = (yes: string): string =>
  `timeout 240 sh -c 'until ${yes}; do sleep 1; done' || { cat /proc/mdstat; journalctl -b --no-pager -u "reliable-raid*" | tail -n 50; false; }`;

const systemIsUp = until('systemctl is-active multi-user.target');
const removeEngine = 'rm /usr/lib/reliable-raid/boot-engine; sync';
const engineIs = (text: string): string => `printf '${text}' >/usr/lib/reliable-raid/boot-engine; sync`;

const homeOnMd1 = (mountOptions: string): PriorBoot => ({
  run: [
    'mkfs.ext4 -q /dev/md1',
    `echo "UUID=$(blkid -p -s UUID -o value /dev/md1) /home ext4 ${mountOptions} 0 2" >>/etc/fstab; sync`,
  ],
});

/** Mirrors on these devices, in small chunks: what is copied afterwards shows whether a bitmap told what. */
const create = (name: string, ...options: string[]): string =>
  `yes | mdadm --create /dev/${name} --quiet --run --level=1 --raid-devices=2 --metadata=1.2 --bitmap=internal --bitmap-chunk=64K ${options.join(' ')}`;

const withoutMd1 = [
  'mdadm --stop --quiet /dev/md1',
  `mdadm --zero-superblock ${member('disk3')} ${member('disk4')}`,
];

/** KiB that were written to a disk in this boot. */
const writtenKib = (disk: string): string =>
  `$(($(awk '{print $7}' /sys/class/block/$(basename $(readlink -f ${member(disk)}))/stat) / 2))`;

/** An array that an older image calls by another name than mdadm.conf: keepUuid writes down who it is. */
const kernelName = (name: string): string =>
  `$(basename $(readlink -f /dev/disk/by-id/md-uuid-$(cat /root/${name})))`;
const keepUuid = (name: string): string =>
  `mdadm --detail --export /dev/${name} | sed -n s/^MD_UUID=//p >/root/${name}`;

const isWhole = (name: string): string =>
  until(`[ "$(cat /sys/block/${kernelName(name)}/md/degraded)" = 0 ]`);
const homeIsThere = until('mountpoint -q /home');

/** Where "reliable-raid images" keeps what is mounted, and what systemd has been told of it in this boot. */
const toldToSystemd =
  'cat /etc/reliable-raid/mounted /run/systemd/generator/*.device.d/10-reliable-raid.conf';

/** A file of a MiB, and what was written to the disk that came, in KiB: the disk holds 60 MiB. */
const usedWith = (disk: string, file: string): readonly string[] => [
  homeIsThere,
  isWhole(disk === 'disk4' ? 'md1' : 'md2'),
  `head -c 1M /dev/urandom >/home/${file}; md5sum /home/${file} >>/home/sums; sync; md5sum --check --quiet /home/sums`,
  `echo "written: ${writtenKib(disk)}"; [ ${writtenKib(disk)} -lt 16384 ]`,
  'cat /proc/mdstat; test -z "$(systemctl --failed --plain --no-legend)"',
];

/** The mirror of /home, each of its disks used without the other, disk4 last and by hand. */
const cameApart: readonly PriorBoot[] = [
  homeOnMd1('nofail'),
  { run: [homeIsThere, 'echo both >/home/both; sync'] },
  {
    absent: ['disk4'],
    run: [homeIsThere, 'echo three >/home/three; sync'],
  },
  {
    absent: ['disk3'],
    run: [
      ...leftAlone,
      `mdadm --assemble --run /dev/md1 ${member('disk4')}`,
      'mkdir -p /mnt; mount /dev/md1 /mnt; echo four >/mnt/four; umount /mnt; sync; reliable-raid ledger',
    ],
  },
];

/** The image of the distribution's kernel, whichever one runs. */
const buildImage =
  'if command -v update-initramfs; then update-initramfs -u; else dracut -f "/boot/initrd.img-$(ls /lib/modules)" "$(ls /lib/modules)"; fi';

export const arraysAfterBoot: readonly Scenario[] = [
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
    ownImage: true,
    kernelArguments: [shortWait],
    before: [
      {
        run: [
          'mkdir -p /etc/reliable-raid',
          'printf \'[array."%s"]\\ndegraded = "never"\\n\' "$(mdadm --detail --export /dev/md1 | sed -n s/^MD_UUID=//p)" >/etc/reliable-raid/config.toml',
          // An image starts what is known to be degraded, unless it knows better.
          `reliable-raid images; ${buildImage}`,
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
    id: 'B8-held',
    title:
      '/home on the other array, a disk of it missing: systemd holds the boot, the consoles say for what, and a key ends the wait',
    layout: 'raid1-plus-data',
    before: [homeOnMd1('defaults')],
    absent: ['disk4'],
    kernelArguments: [timeForSteps],
    steps: [after(notice, type(keys.down), 0.5), after(/ \d+ s\b/, type(keys.escape), 1.5)],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      mounted('/home', /^\/dev\/md/),
      array('md0', { degraded: 0 }),
      array('md1', { degraded: 1 }),
      seesInOrder(
        systemStarts,
        /NOTICE: array md1 .* is not complete/,
        /Seconds until md1 is started degraded/,
        /starting array md1 degraded/,
      ),
      neverSees(/NOTICE: array md0/),
      startedLaterByKey('md1'),
    ],
  },
  {
    id: 'B8-held-ask',
    title:
      '/home on the other array, which starts only when a person says so, a disk of it missing: a key long after its wait starts it',
    layout: 'raid1-plus-data',
    before: [
      homeOnMd1('defaults'),
      {
        run: [
          'mkdir -p /etc/reliable-raid; printf \'[array."md1"]\\ndegraded = "ask"\\n\' >/etc/reliable-raid/config.toml; sync',
        ],
      },
    ],
    absent: ['disk4'],
    kernelArguments: [shortWait],
    steps: [after(/array md1 will not be started degraded automatically/, type(keys.d), 20)],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      mounted('/home', /^\/dev\/md/),
      array('md1', { degraded: 1 }),
      startedLaterByKey('md1'),
    ],
  },
  {
    id: 'B8-patient',
    title:
      '/home on the other array, whose wait is longer than systemd waits for a device, and a disk of it missing: /home is mounted, no emergency shell',
    layout: 'raid1-plus-data',
    before: [
      {
        run: [
          ...(homeOnMd1('defaults').run ?? []),
          'reliable-raid images --auto; [ ! -e /etc/reliable-raid/mounted ]',
          'mkdir -p /etc/reliable-raid; printf \'[array."md1"]\\nwait = 115\\n\' >/etc/reliable-raid/config.toml',
          'reliable-raid images --auto; cat /etc/reliable-raid/mounted; sync',
        ],
      },
      {
        run: [
          toldToSystemd,
          'systemctl show --property=JobRunningTimeoutUSec "$(systemd-escape --path --suffix=device "$(findmnt -no SOURCE --fstab /home | sed "s,UUID=,/dev/disk/by-uuid/,")")"',
        ],
      },
    ],
    absent: ['disk4'],
    ends: 'system',
    limit: 300,
    expect: [
      ...systemUp(/^\/dev\/md/),
      mounted('/home', /^\/dev\/md/),
      array('md1', { degraded: 1 }),
      priorBootSaid(1, /JobRunningTimeoutSec=210[\s\S]*JobRunningTimeoutUSec=3min 30s/),
      neverSees(/emergency mode|Timed out waiting for device/i),
    ],
  },
  {
    id: 'B8-unmounted',
    title:
      'arrays that nothing mounts are not to be started degraded, a disk of each missing: that of /home is, the other is not',
    layout: 'raid1-plus-data',
    kernelArguments: [shortWait],
    before: [
      {
        run: [
          ...(homeOnMd1('nofail').run ?? []),
          'mkdir -p /etc/reliable-raid; echo \'unmounted = "never"\' >/etc/reliable-raid/config.toml',
          'reliable-raid images --auto; cat /etc/reliable-raid/mounted; sync',
        ],
      },
      {
        absent: ['disk4'],
        run: [
          homeIsThere,
          // From here on nothing is said to be on it.
          'sed -i "/home/d" /etc/fstab; umount /home; reliable-raid images --auto; cat /etc/reliable-raid/mounted; sync',
        ],
      },
    ],
    absent: ['disk4'],
    ends: 'system',
    settle: true,
    expect: [
      ...systemUp(/^\/dev\/md/),
      arrayNotStarted('md1'),
      superblocksUnchanged('disk3'),
      neverSees(/md1: active|NOTICE: array /),
    ],
  },
  {
    id: 'B8-late',
    title:
      'a disk of the other array comes when the image has been left: what the image has begun is completed',
    layout: 'raid1-plus-data',
    absent: ['disk4'],
    steps: [after(systemStarts, plug('disk4'))],
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
      'mdadm, then the engine of the running system are gone or broken, a disk of the other array missing: all goes as without us',
    layout: 'raid1-plus-data',
    before: [
      { run: ['mv /usr/sbin/mdadm /root/mdadm; sync'] },
      {
        absent: ['disk4'],
        // Nothing can be started, and nothing waits for it.
        run: [systemIsUp, notStarted, `cp /root/mdadm /usr/sbin/mdadm; ${engineIs('#!/bin/sh\\nexit 1\\n')}`],
      },
      {
        absent: ['disk4'],
        run: [
          until('[ "$(cat /sys/block/md1/md/degraded)" = 1 ]'),
          'journalctl -b --no-pager -u mdadm-last-resort@md1.service | grep -i "finished\\|activat"',
          engineIs('no program'),
        ],
      },
      {
        absent: ['disk4'],
        run: [until('[ "$(cat /sys/block/md1/md/degraded)" = 1 ]'), systemIsUp, removeEngine],
      },
    ],
    absent: ['disk4'],
    steps: [after(/md1: active with 1 out of 2/, type(keys.return))],
    ends: 'system',
    limit: 180,
    expect: [
      ends('system'),
      mounted('/', /^\/dev\/md/),
      seesInOrder(lastResort, /md1: active with 1 out of 2/),
    ],
  },
  {
    id: 'B8-known',
    title:
      '/home on the other array, which has run without one of its disks before: started at once, after the image',
    layout: 'raid1-plus-data',
    before: [
      homeOnMd1('defaults'),
      { absent: ['disk4'], run: ['mountpoint -q /home; echo alone >/home/file; sync'] },
    ],
    absent: ['disk4'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      mounted('/home', /^\/dev\/md/),
      array('md1', { degraded: 1 }),
      seesInOrder(/EXT4-fs \(md0\): mounted/, /md1: active with 1 out of 2/),
      neverSees(lastResort),
      neverSees(notice),
    ],
  },
  {
    id: 'B8-foreign',
    title:
      'a mirror of another machine: whole, it is assembled and used; half of it is left alone afterwards, and told about',
    layout: 'raid1-plus-data',
    kernelArguments: [shortWait],
    before: [
      {
        run: [
          ...withoutMd1,
          create('md1', '--homehost=elsewhere', '--name=data', member('disk3'), member('disk4')),
          keepUuid('md1'),
          'mkfs.ext4 -q /dev/md1; mount /dev/md1 /mnt; echo elsewhere >/mnt/name; umount /mnt; sync',
          'sed -i /md1/d /etc/mdadm/mdadm.conf',
        ],
      },
      {
        run: [
          isWhole('md1'),
          `mount /dev/${kernelName('md1')} /mnt; cat /mnt/name; echo here >>/mnt/name; umount /mnt`,
          'reliable-raid ledger; sed -n "/$(cat /root/md1)/,/foreign/p" /var/lib/reliable-raid/ledger.json',
        ],
      },
      {
        absent: ['disk4'],
        run: [
          decided,
          `${states}; journalctl -b --no-pager -u reliable-raid-arrays.service; reliable-raid status || true`,
          '! grep -q "^md[1-9].* active" /proc/mdstat',
          'journalctl -b --no-pager -u reliable-raid-arrays.service | grep -q "will not be started degraded automatically"',
        ],
      },
    ],
    absent: ['disk4'],
    ends: 'system',
    settle: true,
    expect: [
      ...systemUp(/^\/dev\/md/),
      priorBootSaid(1, /elsewhere[\s\S]*"foreign": true/),
      superblocksUnchanged('disk3'),
      neverSees(/md1\d*: active/),
    ],
  },
  {
    id: 'B8-apart',
    title:
      'halves of the mirror of /home that were each used without the other, both there, or the older one first: neither is started, nothing is merged',
    layout: 'raid1-plus-data',
    kernelArguments: [shortWait],
    before: [
      ...cameApart,
      {
        run: [
          ...leftAlone,
          '[ "$(ls /run/reliable-raid/held | wc -l)" = 2 ]; head /run/reliable-raid/held/*',
          'reliable-raid status || true; reliable-raid start md1 </dev/null || true',
          notStarted,
          `sha256sum ${member('disk3')} ${member('disk4')} >/root/halves; sync`,
        ],
      },
      { run: [...leftAlone, 'sha256sum --check --quiet /root/halves'] },
    ],
    absent: ['disk3', 'disk4'],
    // The older one is there first, and is judged alone.
    steps: [
      after(systemStarts, plug('disk3')),
      after(/Reached target .*multi-user/i, plug('disk4'), 15),
      after(/./, type(keys.return), 20),
    ],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      neverSees(/md1: active/),
      arrayNotStarted('md1'),
      superblocksUnchanged('disk3', 'disk4'),
    ],
  },
  {
    id: 'B8-power',
    title:
      '/home used without one of its disks, then the power fails; in the next boot only that disk is there: it is not started',
    layout: 'raid1-plus-data',
    kernelArguments: [shortWait],
    before: [
      homeOnMd1('nofail'),
      {
        absent: ['disk4'],
        run: [
          homeIsThere,
          'echo alone >/home/file; sync',
          // From the first write on; md goes on calling it read-auto for a moment.
          until('[ ! -e /run/reliable-raid/unwritten ]'),
          'sync; cat /var/lib/reliable-raid/ledger.json',
        ],
        powerFails: true,
      },
      { absent: ['disk3'], run: leftAlone },
    ],
    absent: ['disk3'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      neverSees(/md1: active/),
      arrayNotStarted('md1'),
      superblocksUnchanged('disk4'),
    ],
  },
  {
    id: 'B8-stacked',
    title:
      '/home on a mirror of a mirror, an internal disk and two external ones, each plugged in alone, twice: what it missed is copied, and nothing else',
    layout: 'raid1-plus-data',
    before: [
      {
        run: [
          ...withoutMd1,
          `echo 'start=2048' | sfdisk --quiet --label gpt $(readlink -f /dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_disk5)`,
          `udevadm settle; ${create('md1', member('disk3'), '--write-mostly', member('disk4'))}`,
          create('md2', '/dev/md1', '--write-mostly', member('disk5')),
          `${keepUuid('md1')}; ${keepUuid('md2')}`,
          'mdadm --wait /dev/md1 /dev/md2 || true; mkfs.ext4 -q /dev/md2',
          'sed -i /md1/d /etc/mdadm/mdadm.conf; mdadm --detail --brief /dev/md1 /dev/md2 >>/etc/mdadm/mdadm.conf',
          'echo "UUID=$(blkid -p -s UUID -o value /dev/md2) /home ext4 nofail 0 2" >>/etc/fstab; sync; cat /proc/mdstat /etc/mdadm/mdadm.conf',
        ],
      },
      { absent: ['disk5'], run: usedWith('disk4', 'one') },
      { absent: ['disk4'], run: usedWith('disk5', 'two') },
      { absent: ['disk5'], run: usedWith('disk4', 'three') },
      { absent: ['disk4'], run: usedWith('disk5', 'four') },
      {
        run: [
          isWhole('md1'),
          isWhole('md2'),
          ...['md1', 'md2'].map(
            (md) =>
              `n=${kernelName(md)}; echo check >/sys/block/$n/md/sync_action; mdadm --wait /dev/$n || true; echo "${md}: $(cat /sys/block/$n/md/mismatch_cnt) differ"`,
          ),
          'md5sum --check --quiet /home/sums && echo all there',
        ],
      },
    ],
    ends: 'system',
    settle: true,
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      mounted('/home', /^\/dev\/md/),
      priorBootSaid(5, /md1: 0 differ[\s\S]*md2: 0 differ[\s\S]*all there/),
    ],
  },
];
