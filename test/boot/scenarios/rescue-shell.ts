// Return opens a shell, unless the machine gives none.
import { array, neverReports, neverSees, reports, sees, seesInOrder } from '../scenario/expect.ts';
import { lockedRoot } from '../scenario/initrd.ts';
import { after, keys, type Scenario, type } from '../scenario/scenario.ts';
import { notice, startedAtDeadline, systemUp, timeForSteps } from './words.ts';

/** Ours or busybox', and that of dracut's emergency shell. */
const prompt = /(?:\(initramfs\)|#) $/;
/** An image of dracut has no `cut`. */
const askNice =
  'for p in self $(cat /run/reliable-raid/engine.pid); do set -- $(cat /proc/$p/stat); shift 18; echo nice $1; done\r';

/** The shell is as nice as any, the engine less. */
const engineGoesFirst = sees(/nice 0\s+nice -10\s/);

/** Return is told so, and the countdown goes on to its end. */
const noShell = [
  ...systemUp(/^\/dev\/md/),
  ...startedAtDeadline('md0'),
  reports('shell-denied'),
  neverReports('shell-opened'),
];

export const rescueShell: readonly Scenario[] = [
  {
    id: 'B7-locked',
    title: "root locked in dracut's image: no shell, said so, and the countdown goes on",
    onlyWithDracut: true,
    layout: 'raid1-ext4',
    absent: ['disk2'],
    initrd: [lockedRoot],
    steps: [after(notice, type(keys.return), 1)],
    ends: 'system',
    expect: [...noShell, neverSees(/Press Enter|\[Return\] rescue shell/), sees(/root\s+is\s+locked/)],
  },
  {
    id: 'B6',
    title: 'Return, reliable-raid start, exit: the boot goes on',
    opensShell: true,
    layout: 'raid1-ext4',
    absent: ['disk2'],
    kernelArguments: [timeForSteps],
    steps: [
      after(notice, type(keys.return), 1),
      after(prompt, type(askNice), 1),
      after(prompt, type('reliable-raid start\r'), 1),
      after(prompt, type('exit\r'), 1),
    ],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 1 }),
      reports('shell-opened'),
      reports('shell-left'),
      engineGoesFirst,
      seesInOrder(
        notice,
        /1 of 2/,
        /\(initramfs\)|for (?:system )?maintenance/,
        /md0: active with 1 out of 2/,
        /exit/,
      ),
    ],
  },
  {
    id: 'B7',
    title: 'with panic=10: no shell, said so, and the countdown goes on',
    layout: 'raid1-ext4',
    absent: ['disk2'],
    kernelArguments: ['panic=10'],
    steps: [after(notice, type(keys.return), 1)],
    ends: 'system',
    expect: [...noShell, neverSees(/\(initramfs\)/), sees(/panic=/)],
  },
];
