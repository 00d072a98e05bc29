// The half that stayed behind comes back alone: what the mainboard remembers of it.
import {
  array,
  arrayNotStarted,
  ends,
  neverReports,
  priorBootSaid,
  reports,
  sees,
  superblocksUnchanged,
} from '../scenario/expect.ts';
import type { PriorBoot, Scenario } from '../scenario/scenario.ts';
import { shortWait, startedAfterShortWait, systemUp } from './words.ts';

/** From the next boot on the unit records nothing when it starts: what is there then was written at shutdown. */
const onlyAtShutdown: PriorBoot = {
  run: [
    'reliable-raid ledger --dry-run',
    'systemctl --quiet is-active reliable-raid-ledger reliable-raid-monitor',
    'systemctl --quiet disable reliable-raid-monitor 2>&1',
    'mkdir -p /etc/systemd/system/reliable-raid-ledger.service.d',
    "printf '[Service]\\nExecStart=\\nExecStart=true\\n' >/etc/systemd/system/reliable-raid-ledger.service.d/x.conf",
    'rm /var/lib/reliable-raid/ledger.json',
  ],
};

const withBoth: PriorBoot = { run: ['cat /proc/mdstat', 'reliable-raid ledger --dry-run'] };
const withoutDisk2: PriorBoot = {
  absent: ['disk2'],
  run: ['echo newer >/newer', 'sync', 'reliable-raid ledger --dry-run', 'systemctl --failed --no-legend'],
};

export const ledger: readonly Scenario[] = [
  {
    id: 'B19-efi',
    title: 'disk1 ran alone, then only disk2 is there: the EFI variable knows it is old; not started',
    layout: 'raid1-ext4',
    firmware: 'efi',
    opensShell: true,
    before: [withBoth, withoutDisk2],
    absent: ['disk1'],
    kernelArguments: [shortWait, 'reliable_raid.max_wait=25'],
    ends: 'shell',
    limit: 150,
    expect: [
      ends('shell'),
      priorBootSaid(0, /EFI variable\n.*\n +in sync: role 0, 1;/),
      priorBootSaid(1, /EFI variable\n.*\n +in sync: role 0;/),
      arrayNotStarted('md0'),
      neverReports('array-started'),
      reports('ledger', { with: { place: 'EFI variable' } }),
      sees(/this\s+copy\s+is\s+from\s+\d{4}-\d\d-\d\d\s+\d\d:\d\d\s+UTC,\s+\d+\s+events\s+behind/),
      sees(/will\s+not\s+be\s+started\s+automatically/),
      superblocksUnchanged('disk2'),
    ],
  },
  {
    id: 'B19-bios',
    title: 'the same without EFI variables: nothing outside of the disk knows it, started at the deadline',
    layout: 'raid1-ext4',
    before: [withBoth, withoutDisk2],
    absent: ['disk1'],
    kernelArguments: [shortWait],
    ends: 'system',
    limit: 180,
    expect: [...systemUp(/^\/dev\/md/), ...startedAfterShortWait, array('md0', { degraded: 1 })],
  },
  {
    id: 'B19-whole',
    title: 'EFI, both disks: a healthy boot, recorded in every place, at shutdown too',
    layout: 'raid1-ext4',
    firmware: 'efi',
    before: [onlyAtShutdown, { run: ['head -c 60 /var/lib/reliable-raid/ledger.json'] }],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      priorBootSaid(0, /EFI variable: already up to date/),
      priorBootSaid(1, /reliable-raid\/ledger\/1/),
    ],
  },
];
