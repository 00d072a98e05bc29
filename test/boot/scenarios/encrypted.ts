// LVM on LUKS on RAID1, and the usual encrypted installation.
import { passphrase } from '../guest/layout.ts';
import {
  array,
  expectation,
  mounted,
  neverReports,
  neverSees,
  neverSeesBetween,
  prompts,
  reports,
  rootMounted,
  seesInOrder,
} from '../scenario/expect.ts';
import { after, keys, type Scenario, screen, type } from '../scenario/scenario.ts';
import { passphrasePrompt } from '../scenario/take-steps.ts';
import { anythingOfOurs, notice, startedAtDeadline, systemUp, timeForSteps } from './words.ts';

const hurriedBy = (name: string, key: string): Scenario => ({
  id: `B5-${name}`,
  title: `an arrow key does nothing, ${name} starts at once`,
  layout: 'raid1-luks-lvm',
  absent: ['disk2'],
  kernelArguments: [timeForSteps],
  // the countdown goes on: only its seconds are drawn again
  steps: [after(notice, type(keys.down), 0.5), after(/ \d+ s\b/, type(key), 1.5)],
  ends: 'system',
  expect: [
    ...systemUp(/vg0-root/),
    array('md0', { degraded: 1 }),
    prompts(1),
    reports('key', { times: 1 }),
    reports('array-started', { degraded: true, sinceStep: [1, -0.3, 2] }),
    neverReports('array-started', { sinceDiscovery: [59, 120] }),
  ],
});

const usual = (id: string, title: string, kernelArguments: readonly string[]): Scenario => ({
  id,
  title,
  layout: 'encrypted-usual',
  absent: ['disk2'],
  kernelArguments,
  ends: 'system',
  limit: 240,
  expect: [
    ...systemUp(/vg0-root/),
    mounted('/boot', /^\/dev\/md/),
    array('md0', { degraded: 1 }),
    array('md1', { degraded: 1 }),
    prompts(1),
  ],
});

/** systemd in an image of dracut tries the passphrase that opened one container on the next, unless both have asked by then. */
const promptForEach = expectation(
  'after the notice, a passphrase prompt for each of two containers, or one for both with systemd in the image',
  ({ prompts: count, image, text }) => {
    const remembers = image.files.some((file) => file.endsWith('/systemd-cryptsetup'));
    if (count !== 2 && !(remembers && count === 1)) return `there were ${count}`;
    return passphrasePrompt.test(text.slice(0, text.search(notice)))
      ? 'one came before the notice'
      : undefined;
  },
);

export const encrypted: readonly Scenario[] = [
  {
    id: 'B4',
    title: 'one disk missing: array, then one prompt, then root',
    layout: 'raid1-luks-lvm',
    absent: ['disk2'],
    ends: 'system',
    steps: [after(passphrasePrompt, screen('prompt'), 0)],
    expect: [
      ...systemUp(/vg0-root/),
      ...startedAtDeadline('md0'),
      prompts(1),
      seesInOrder(
        notice,
        /md0: active with 1 out of 2/,
        passphrasePrompt,
        /set up successfully|Finished.*md0_crypt/,
      ),
      neverSees(/cryptsetup: (ERROR|WARNING|Waiting)/),
    ],
  },
  {
    id: 'B4-healthy',
    title: 'all disks: the prompt as ever, nothing of ours',
    layout: 'raid1-luks-lvm',
    ends: 'system',
    expect: [...systemUp(/vg0-root/), array('md0', { degraded: 0 }), prompts(1), neverSees(notice)],
  },
  {
    id: 'B4-slow',
    title: 'one disk missing, the passphrase typed 100 s after it was asked for: the boot goes on',
    layout: 'raid1-luks-lvm',
    absent: ['disk2'],
    unlock: false,
    steps: [after(passphrasePrompt, type(`${passphrase}\r`), 100)],
    ends: 'system',
    limit: 280,
    expect: [
      ...systemUp(/vg0-root/),
      ...startedAtDeadline('md0'),
      rootMounted([110, 250]),
      neverSees(/\(initramfs\)|Press Enter|ALERT!|Timed out|rdsosreport/),
    ],
  },
  {
    id: 'B4-patient',
    title:
      'one disk missing, a wait longer than the 90 s that systemd gives a LUKS device: array, prompt, root',
    layout: 'raid1-luks-lvm',
    onlyWithDracut: true,
    absent: ['disk2'],
    kernelArguments: ['reliable_raid.wait=110'],
    ends: 'system',
    limit: 280,
    expect: [
      ...systemUp(/vg0-root/),
      reports('array-started', { degraded: true, due: [110, 2.5], times: 1 }),
      neverReports('array-started', { sinceDiscovery: [0, 109.999] }),
      array('md0', { degraded: 1 }),
      prompts(1),
      neverSees(/Timed out|Dependency failed/),
    ],
  },
  {
    id: 'B4-two',
    title:
      'two LUKS containers, each on a mirror, one disk missing: both arrays, then the prompts, nothing in between',
    layout: 'two-luks-lvm',
    absent: ['disk2'],
    ends: 'system',
    expect: [
      ...systemUp(/vg0-root/),
      reports('notice', { due: [10, 2.5] }),
      reports('array-started', { degraded: true, due: [20, 2.5], times: 2 }),
      neverReports('array-started', { sinceDiscovery: [0, 19.999] }),
      array('md0', { degraded: 1 }),
      array('md1', { degraded: 1 }),
      promptForEach,
      seesInOrder(notice, passphrasePrompt),
      neverSeesBetween(passphrasePrompt, anythingOfOurs),
    ],
  },
  hurriedBy('esc', keys.escape),
  hurriedBy('d', keys.d),
  usual('B14', 'the usual encrypted installation, one disk missing: /boot mounts too, nothing fails', []),
  {
    ...usual('B14-rootdelay', 'the same with rootdelay=60, where stock Debian ends in a shell', [
      'rootdelay=60',
    ]),
    notWithDracut: 'rootdelay= is an argument of initramfs-tools',
  },
  {
    id: 'B14-healthy',
    title: 'the usual encrypted installation, all disks',
    layout: 'encrypted-usual',
    ends: 'system',
    expect: [...systemUp(/vg0-root/), mounted('/boot', /^\/dev\/md/), prompts(1), neverSees(notice)],
  },
];
