// What people are told of a degraded boot: where it arrives, how often, and when it is over. A script stands for the mail program.
import { HEALED_MESSAGE_ID, MESSAGE_IDS } from '../../../src/core/notices/message-ids.ts';
import { array, priorBootSaid } from '../scenario/expect.ts';
import type { PriorBoot, Scenario } from '../scenario/scenario.ts';
import { shortWait, systemUp } from './words.ts';

const MAIL = '/var/lib/mail-seen';
const UNIT = 'reliable-raid-notify';
const MOTD = '/run/motd.d/60-reliable-raid';

const until = (yes: string, seconds = 90): string =>
  `timeout ${seconds} sh -c 'until ${yes}; do sleep 1; done'`;

const looked = (text: string): string =>
  until(`journalctl -b -q -o cat -u ${UNIT}.service | grep -q "${text}"`);

/** Entries of every boot of this machine. */
const entries = (name: string, id: string): string =>
  `echo "${name}: $(journalctl -q -o cat MESSAGE_ID=${id} RELIABLE_RAID_EVENT=degraded | grep -c .)"`;

const SHOW = [
  'journalctl --sync',
  entries('told', MESSAGE_IDS.degraded),
  entries('told over', HEALED_MESSAGE_ID),
  `echo "mailed: $(grep -c '^Subject: .*lacks a disk' ${MAIL})"`,
  `echo "mailed over: $(grep -c '^Subject: .*is complete again' ${MAIL})"`,
  `grep '^Subject: ' ${MAIL}`,
  `cat ${MOTD} 2>/dev/null || echo no motd`,
];

/** Each once, so far. */
const said = (over: 0 | 1, motd: string): RegExp =>
  new RegExp(
    `\\ntold: 1\\n[^]*\\ntold over: ${over}\\n[^]*\\nmailed: 1\\n[^]*\\nmailed over: ${over}\\n[^]*\\n${motd}`,
  );

const prepare: PriorBoot = {
  run: [
    `printf '#!/bin/sh\\ncat >>${MAIL}\\n' >/usr/sbin/sendmail`,
    'chmod 755 /usr/sbin/sendmail',
    `mkdir -p /etc/reliable-raid && echo 'mail_to = ["admin@example.org"]' >/etc/reliable-raid/notify.toml`,
    // mdmonitor would mail to MAILADDR by the same script.
    `sed -i 's|^MAILADDR.*|PROGRAM /usr/lib/reliable-raid/md-event|' /etc/mdadm/mdadm.conf`,
    'mkdir -p /var/log/journal && systemd-tmpfiles --create --prefix /var/log/journal && journalctl --flush',
    // Where all is well nothing runs.
    `systemctl is-active ${UNIT}.path`,
    `! systemctl --quiet is-active ${UNIT}.timer`,
    `test -z "$(journalctl -b -q -u ${UNIT}.service)"`,
  ],
};

export const notices: readonly Scenario[] = [
  {
    id: 'N1',
    title: 'a degraded boot is told once on each channel, not again by the next, and its end once',
    layout: 'raid1-ext4',
    before: [
      prepare,
      {
        absent: ['disk2'],
        run: [looked('sendmail: sent'), ...SHOW, `systemctl is-active ${UNIT}.timer`],
      },
      { absent: ['disk2'], run: [looked('Nothing is to be told'), ...SHOW] },
      {
        run: [
          // Without a bitmap a member that was away is filled anew.
          `for at in $(blkid -t TYPE=linux_raid_member -o device); do test -e /sys/class/block/$(basename $at)/holders/md0 || { mdadm --zero-superblock $at && mdadm /dev/md0 --add $at; }; done`,
          until('grep -q UU /proc/mdstat', 140),
          until(`grep -q "Subject:.* is complete again" ${MAIL}`, 140),
          until('test ! -e /var/lib/reliable-raid/told-lasts', 140),
          ...SHOW,
        ],
      },
    ],
    kernelArguments: [shortWait],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      priorBootSaid(1, said(0, 'reliable-raid: array 0 \\(md0\\) lacks a disk')),
      priorBootSaid(2, said(0, 'reliable-raid: array 0 \\(md0\\) lacks a disk')),
      priorBootSaid(3, said(1, 'no motd')),
    ],
  },
];
