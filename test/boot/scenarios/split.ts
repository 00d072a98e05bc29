// Both halves of root's mirror ran alone, disk2 last: a question, and never one byte on the half that was not chosen.
import {
  array,
  arrayNotStarted,
  ends,
  neverReports,
  reports,
  rootOfHalf,
  sees,
  seesInOrder,
  untouched,
} from '../scenario/expect.ts';
import { after, keys, plug, type Scenario, type } from '../scenario/scenario.ts';
import { shortRetry, shortWait, systemUp } from './words.ts';

const question = /QUESTION: array /;
const machine = { layout: 'raid1-ext4', stage: 'split' } as const;

/** A second shell, as dropbear would give one: it answers there once the question is on the console. */
const remoteAnswer = `(
  until grep -q '"asked"' /run/reliable-raid/boot.json; do sleep 1; done
  printf '2\\ny\\n' | reliable-raid start
) </dev/null >/run/remote-answer 2>&1 &`;

export const split: readonly Scenario[] = [
  {
    ...machine,
    id: 'B18-both',
    opensShell: true,
    title: 'split mirror, nobody answers: asked, nothing started, not a byte written',
    kernelArguments: [shortWait, 'reliable_raid.max_wait=25', shortRetry],
    ends: 'shell',
    expect: [
      ends('shell'),
      sees(question),
      reports('asked'),
      neverReports('array-started'),
      arrayNotStarted('md0'),
      untouched('disk1', 'disk2'),
    ],
  },
  {
    ...machine,
    id: 'B18-shell',
    opensShell: true,
    title:
      'split mirror, Return instead of an answer: the shell at once, nothing started, not a byte written',
    // the question stays open for 180 s here
    steps: [after(/\[Return\] rescue shell/, type(keys.return), 2)],
    ends: 'shell',
    expect: [
      ends('shell'),
      sees(question),
      reports('asked'),
      reports('shell-opened'),
      neverReports('array-started'),
      arrayNotStarted('md0'),
      untouched('disk1', 'disk2'),
    ],
  },
  {
    ...machine,
    id: 'B18-answer',
    title: 'split mirror, 2 and y typed on the serial console: root from that half, the other untouched',
    steps: [after(question, type('2'), 1), after(/\[y\] yes/, type('y'), 0.5)],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      seesInOrder(question, /2: start array .* from /, /as chosen \(2\)/),
      reports('answered'),
      reports('array-started', { degraded: true, times: 1 }),
      array('md0', { degraded: 1 }),
      rootOfHalf('disk1'),
      untouched('disk2'),
    ],
  },
  {
    ...machine,
    id: 'B18-remote',
    title:
      'split mirror, answered with reliable-raid start in another shell of the image; the console learns of it',
    initrd: [{ runEarly: remoteAnswer }],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      seesInOrder(question, /array md0 was started degraded from a shell/),
      reports('array-degraded'),
      neverReports('answered'),
      array('md0', { degraded: 1 }),
      rootOfHalf('disk1'),
      untouched('disk2'),
    ],
  },
  {
    ...machine,
    id: 'B18-later',
    title: 'split mirror, the second half is plugged in when root is mounted: left out',
    absent: ['disk2'],
    kernelArguments: [shortWait],
    steps: [after(/EXT4-fs \(md\d+\): mounted filesystem/, plug('disk2'), 0.5)],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 1 }),
      rootOfHalf('disk1'),
      untouched('disk2'),
    ],
  },
];
