// Machines that change, or are degraded, while they run: what becomes of their boot image by `update_images`, and what the next boot makes of it.

import { passphrase } from '../guest/layout.ts';
import {
  array,
  dataSame,
  neverReports,
  neverSees,
  priorBootSaid,
  prompts,
  reports,
  sees,
} from '../scenario/expect.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { member, notice, startedAtDeadline, systemUp } from './words.ts';

const UNIT = 'reliable-raid-images.service';
const JOURNAL = `journalctl -b -q --no-pager -o cat -u ${UNIT}`;

const configured = (line: string): string =>
  `mkdir -p /etc/reliable-raid; echo '${line}' >/etc/reliable-raid/config.toml`;

const until = (condition: string): string =>
  `timeout 290 sh -c 'until { ${condition}; } >/dev/null 2>&1; do sleep 2; done'`;

const noFormer = '! ls /boot/*.former 2>/dev/null';

const isRebuilt = until(`ls /boot/*.former && ! systemctl --quiet is-active ${UNIT}`);

/** By the unit, without a word of anybody, at a low priority; the list is then the one that would be made now. */
const rebuilt: readonly string[] = [
  // a busy host takes longer than a command may last
  `${isRebuilt} || true`,
  isRebuilt,
  `${JOURNAL} | tail -n 20; reliable-raid images`,
  'ls -l /boot /var/lib/reliable-raid; cat /var/lib/reliable-raid/images.json',
];

/** The user-mode kernel takes the place of the one that the image is for. */
const asItsKernel =
  'ls /lib/modules >/run/osrelease; mount --bind /run/osrelease /proc/sys/kernel/osrelease; uname -r';

/** As dpkg does while it works. */
const lockDpkg =
  'perl -e \'use Fcntl; open(my $f, ">>", "/var/lib/dpkg/lock-frontend") or die; my $lock = pack("s! s! x4 q q i x4", F_WRLCK, 0, 0, 0, 0); fcntl($f, F_SETLK, $lock) or die; sleep 600\' >/dev/null 2>&1 & echo $! >/run/locker; sleep 1; kill -0 $(cat /run/locker)';

const keepSums = [
  'head -c 32M /dev/urandom >/root/data',
  'md5sum /root/data /usr/bin/* >/root/data.sums 2>/dev/null || true',
  'sync',
];

/** What `explain --each`, on one line, says of this disk. */
const comesUpWithout = (disk: string): RegExp =>
  new RegExp(
    `Without ((?!Without ).)*${disk}((?!Without ).)* starts degraded after 20 s; ((?!Without ).)*then (the passphrase is asked for and )?root is mounted`,
  );

export const imageUpdates: readonly Scenario[] = [
  {
    id: 'B20-moved',
    title:
      'root moved to a second mirror: told once, built anew once dpkg is done; the next boots wait for nobody, and the former image goes',
    layout: 'lvm-two-mirrors',
    ownImage: true,
    /** A running system has no modules of this kernel. */
    initrd: [{ runEarly: 'modprobe dm-mirror' }],
    before: [
      {
        run: [
          "sed -i 's|^ExecStop=.*|ExecStop=-/bin/sh -c '\\''[ -z \"$$MAINPID\" ] \\|\\| exec tail --pid=\"$$MAINPID\" -f /dev/null'\\''|' /usr/lib/systemd/system/reliable-raid-images.service; systemctl daemon-reload; systemctl cat reliable-raid-images.service | grep ExecStop",
          'vgextend --quiet --yes vg0 /dev/md1',
          'pvmove --quiet /dev/md0',
          'vgreduce --quiet vg0 /dev/md0',
          ...keepSums,
          until(`${JOURNAL} | grep "no longer needed"`),
          `systemctl start ${UNIT}; ${until(`! systemctl --quiet is-active ${UNIT}`)}`,
          `${JOURNAL}; test "$(${JOURNAL} | grep -c "no longer needed")" = 1`,
          `${JOURNAL} >/tmp/journal; ! grep -i "invalid\\|unset\\|failed" /tmp/journal`,
          noFormer,
          lockDpkg,
          configured('update_images = "auto"'),
          until(`test "$(systemctl show -P NRestarts ${UNIT})" -gt 0`),
          '! reliable-raid images',
          noFormer,
          'kill "$(cat /run/locker)"',
          ...rebuilt,
        ],
      },
      {
        run: [
          asItsKernel,
          'reliable-raid images; cmp /var/lib/reliable-raid/watchlist.json /run/reliable-raid/booted.json',
          `systemctl start ${UNIT}; ${until(`! systemctl --quiet is-active ${UNIT}`)}`,
          noFormer,
        ],
      },
    ],
    absent: ['disk1', 'disk2'],
    ends: 'system',
    limit: 180,
    expect: [
      priorBootSaid(0, /once\s+the\s+package\s+manager\s+is\s+done/),
      priorBootSaid(0, /was built anew/),
      ...systemUp(/vg0-root/),
      neverSees(notice),
      neverSees(/list\s+in\s+this\s+image\s+is\s+older/),
      neverReports('array-started'),
      array('md1', { degraded: 0 }),
      dataSame,
    ],
  },
  {
    id: 'B20-changed',
    title:
      "a member of root's array is replaced while /boot is full; then an array made anew joins root's volume group: the image follows each, the next boot is foretold",
    layout: 'lvm-two-mirrors',
    ownImage: true,
    before: [
      {
        run: [
          configured('update_images = "auto"'),
          'head -c 4M /dev/zero >/fill; fallocate -l $(($(df --output=avail -B1 /boot | tail -n 1) - 8000000)) /fill; df -k /boot',
          `mdadm --quiet /dev/md0 --fail ${member('disk2')}; mdadm --quiet /dev/md0 --remove ${member('disk2')}; mdadm --zero-superblock ${member('disk2')}`,
          `mdadm --quiet /dev/md0 --add ${member('disk2')}`,
          until('test "$(cat /sys/block/md0/md/degraded)" = 0'),
          until(`${JOURNAL} | grep "has no room"`),
          `${JOURNAL}; ${noFormer}`,
          `rm /fill; ${until(`! systemctl --quiet is-active ${UNIT}`)}; systemctl --no-block start ${UNIT}`,
          ...rebuilt,
        ],
      },
      {
        run: [
          asItsKernel,
          'reliable-raid images',
          `mdadm --stop --quiet /dev/md1; mdadm --zero-superblock ${member('disk3')} ${member('disk4')}`,
          `mdadm --create /dev/md1 --quiet --run --level=1 --raid-devices=2 --metadata=1.2 --bitmap=internal --assume-clean ${member('disk3')} ${member('disk4')}`,
          'vgextend --quiet --yes vg0 /dev/md1; lvextend --quiet -l +100%FREE vg0/root; resize2fs /dev/vg0/root',
          ...keepSums,
          ...[1, 2].map(
            (time) =>
              `${until(`test "$(${JOURNAL} | grep -c "was built anew")" = 1`)}${time === 1 ? ' || true' : ''}`,
          ),
          ...rebuilt,
          `reliable-raid explain --each | tr -s ' \\n' '  '`,
        ],
      },
    ],
    absent: ['disk4'],
    ends: 'system',
    limit: 180,
    expect: [
      priorBootSaid(0, /was built anew/),
      priorBootSaid(1, comesUpWithout('disk4')),
      ...systemUp(/vg0-root/),
      sees(notice),
      neverSees(/list\s+in\s+this\s+image\s+is\s+older/),
      reports('array-started', { degraded: true, due: [20, 2.5], times: 1 }),
      array('md0', { degraded: 0 }),
      dataSame,
    ],
  },
  {
    id: 'B20-luks',
    title:
      'root moves into another LUKS container, on an array made anew from its own disks: the image follows, the next boot is foretold',
    layout: 'raid1-luks-lvm',
    notWithDracut: 'the kernel command line names the LUKS device there, and the machine does not change it',
    ownImage: true,
    initrd: [{ runEarly: 'modprobe dm-mirror' }],
    before: [
      {
        run: [
          configured('update_images = "auto"'),
          `mdadm --quiet /dev/md0 --fail ${member('disk2')}; mdadm --quiet /dev/md0 --remove ${member('disk2')}; mdadm --zero-superblock ${member('disk2')}`,
          `mdadm --create /dev/md1 --quiet --run --level=1 --raid-devices=2 --metadata=1.2 --bitmap=internal --name=1 ${member('disk2')} missing`,
          `printf %s '${passphrase}' | cryptsetup luksFormat --type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --batch-mode /dev/md1 -`,
          `printf %s '${passphrase}' | cryptsetup open --key-file - /dev/md1 moved_crypt`,
          'vgextend --quiet --yes vg0 /dev/mapper/moved_crypt',
          'pvmove --quiet /dev/mapper/md0_crypt',
          // systemd may have closed it as soon as nothing was left on it
          'vgreduce --quiet vg0 /dev/mapper/md0_crypt || vgreduce --quiet --yes --removemissing vg0; vgs --noheadings -o pv_name,vg_missing_pv_count vg0',
          'sed -i "s|^md0_crypt UUID=[^ ]*|moved_crypt UUID=$(blkid -s UUID -o value /dev/md1)|" /etc/crypttab; cat /etc/crypttab',
          `[ ! -e /dev/mapper/md0_crypt ] || cryptsetup close md0_crypt; mdadm --stop --quiet /dev/md0; mdadm --zero-superblock ${member('disk1')}`,
          `mdadm --quiet /dev/md1 --add ${member('disk1')}`,
          until('test "$(cat /sys/block/md1/md/degraded)" = 0'),
          ...keepSums,
          // a list of the time between is as good as none
          `${until('reliable-raid images')} || true`,
          until('reliable-raid images'),
          ...rebuilt,
          `reliable-raid explain --each | tr -s ' \n' '  '`,
        ],
      },
    ],
    absent: ['disk2'],
    ends: 'system',
    limit: 180,
    expect: [
      priorBootSaid(0, /was built anew/),
      priorBootSaid(0, comesUpWithout('disk2')),
      ...systemUp(/vg0-root/),
      neverSees(/list\s+in\s+this\s+image\s+is\s+older/),
      ...startedAtDeadline('md1'),
      prompts(1),
      dataSame,
    ],
  },
  {
    id: 'B20-degraded',
    title:
      'a disk is gone, no EFI variables: the image is built anew on the degraded machine; the second boot does not wait',
    layout: 'raid1-ext4',
    ownImage: true,
    before: [{ run: [configured('update_images = "auto"')] }, { absent: ['disk2'], run: [...rebuilt] }],
    absent: ['disk2'],
    ends: 'system',
    expect: [
      priorBootSaid(1, /was built anew/),
      ...systemUp(/^\/dev\/md/),
      neverSees(notice),
      reports('array-started', { degraded: true, sinceDiscovery: [0, 15], times: 1 }),
      array('md0', { degraded: 1 }),
    ],
  },
];
