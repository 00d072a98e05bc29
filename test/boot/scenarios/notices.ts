// What people are told of a degraded boot: where it arrives, how often, and when it is over. A script stands for the mail program.
import { array, priorBootSaid } from '../scenario/expect.ts';
import type { PriorBoot, Scenario } from '../scenario/scenario.ts';
import { shortWait, systemUp } from './words.ts';

const MAIL = '/var/lib/mail-seen';
const UNIT = 'reliable-raid-notify';

/** Whole minutes of looks, where the machine is slow; `yes` ends it. */
const until = (yes: string, seconds = 60): string =>
  `timeout ${seconds} sh -c 'until ${yes}; do sleep 1; done'`;

const looked = (text: string): string =>
  until(`journalctl -b -q -o cat -u ${UNIT}.service | grep -q "${text}"`);

/** Journal entries of ours in all boots, by kind and how. */
const ENTRIES =
  'journalctl -q -o json --output-fields=MESSAGE_ID,PRIORITY,RELIABLE_RAID_EVENT,RELIABLE_RAID_HOW -t reliable-raid | sed \'s/.*"MESSAGE_ID":"\\([^"]*\\)".*/entry \\1/\'';
const MAILS = `sed -n 's/^Subject: /mail: /p' ${MAIL} 2>/dev/null || true`;
const MOTD = 'cat /run/motd.d/60-reliable-raid 2>/dev/null || echo no motd';
const SHOW = ['sync', 'journalctl --sync', ENTRIES, MAILS, MOTD];

const DEGRADED_ID = 'bb34c8dd6e164c928a699f4fb2b08004';
const HEALED_ID = '4d4ee0b27da544ae95cb20f5b68cf659';

const prepare = (...settings: string[]): PriorBoot => ({
  run: [
    `printf '#!/bin/sh\\ncat >>${MAIL}\\n' >/usr/sbin/sendmail`,
    'chmod 755 /usr/sbin/sendmail',
    'mkdir -p /var/log/journal /etc/reliable-raid',
    'systemd-tmpfiles --create --prefix /var/log/journal && journalctl --flush',
    ...settings,
    // On a machine where all is well nothing of it runs.
    `systemctl is-active ${UNIT}.path`,
    `! systemctl --quiet is-active ${UNIT}.timer`,
    `test -z "$(journalctl -b -q -u ${UNIT}.service)"`,
  ],
});

export const notices: readonly Scenario[] = [
  {
    id: 'N1',
    takesMinutes: true,
    title: 'a degraded boot is told once on each channel, not again by the next, and its end once',
    layout: 'raid1-ext4',
    before: [
      prepare(`printf 'mail_to = ["admin@example.org"]\\n' >/etc/reliable-raid/notify.toml`),
      {
        absent: ['disk2'],
        run: [
          `${looked('sendmail: sent')} || systemctl status --no-pager ${UNIT}.service ${UNIT}.path ${UNIT}.timer`,
          ...SHOW,
          `journalctl -b -q --no-pager -u ${UNIT}.service -u reliable-raid-monitor.service`,
          `journalctl -b -q --no-pager -x -t reliable-raid`,
          `systemctl is-active ${UNIT}.timer`,
          `cat ${MAIL}`,
        ],
      },
      {
        absent: ['disk2'],
        run: [looked('Nothing is to be told'), ...SHOW],
      },
      {
        run: [
          until('grep -q UU /proc/mdstat'),
          looked('sendmail: sent'),
          until('test ! -e /run/motd.d/60-reliable-raid', 5),
          ...SHOW,
          'test ! -e /var/lib/reliable-raid/told-lasts',
        ],
      },
    ],
    kernelArguments: [shortWait],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      priorBootSaid(1, new RegExp(`entry ${DEGRADED_ID}`)),
      priorBootSaid(1, /reliable-raid: array .* lacks a disk/),
      priorBootSaid(3, new RegExp(`entry ${HEALED_ID}`)),
      priorBootSaid(3, /no motd/),
    ],
  },
];
