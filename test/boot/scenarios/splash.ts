// A boot behind a splash (plymouth) that has the virtual terminal; the serial line is ours, and tells when.
import { array, neverReports, reports, sees } from '../scenario/expect.ts';
import { after, keys, press, type Scenario, screen, type } from '../scenario/scenario.ts';
import { notice, systemUp, timeForSteps } from './words.ts';

/** With a serial console of its own plymouth would show the lines of the boot everywhere, and no picture. */
const picture = ['splash', 'plymouth.ignore-serial-consoles'];

/** The passphrase, as the keyboard sends it without a pause. */
const typedFast = [...'correct', 'spc', ...'horse', 'ret'];

const now = /(?:)/;
const seconds = / \d+ s\b/;
const startedDegraded = /Next: attach or replace/;
const unlock = [after(startedDegraded, screen('prompt'), 10), after(now, press(...typedFast), 1)];

const behindSplash = {
  layout: 'raid1-luks-splash',
  // the kernel of the guests knows no other screen with pictures than the firmware's, and plymouth looks for a better one for 8 s
  firmware: 'efi',
  absent: ['disk2'],
  unlock: false,
  ends: 'system',
  limit: 300,
} as const satisfies Partial<Scenario>;

export const splash: readonly Scenario[] = [
  {
    ...behindSplash,
    id: 'B21-key',
    title: 'notice, countdown and keys on the splash: d starts at once, then the passphrase, typed fast',
    kernelArguments: [...picture, timeForSteps],
    steps: [
      after(notice, screen('notice'), 15),
      after(seconds, screen('countdown'), 3),
      after(seconds, press('esc'), 0),
      after(seconds, screen('details'), 3),
      after(seconds, press('esc'), 0),
      after(seconds, press('d'), 2),
      ...unlock,
    ],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      sees(notice),
      reports('key', { times: 1 }),
      reports('array-started', { degraded: true, sinceStep: [5, -0.3, 3] }),
    ],
  },
  {
    ...behindSplash,
    id: 'B21-shell',
    title:
      'Return on the splash opens the shell on its terminal; left again, the splash is back, and d starts',
    kernelArguments: [...picture, timeForSteps],
    opensShell: true,
    steps: [
      after(notice, press('ret'), 15),
      after(now, screen('shell'), 5),
      after(now, press(...'exit', 'ret'), 0),
      after(seconds, screen('back'), 4),
      after(seconds, press('d'), 0),
      ...unlock,
    ],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      reports('shell-opened', { times: 1 }),
      reports('array-started', { degraded: true, sinceStep: [4, -0.3, 3] }),
    ],
  },
  {
    ...behindSplash,
    id: 'B21-question',
    title: 'a question on the splash: the only disk there is the older one; a number and y start it',
    kernelArguments: picture,
    before: [{ absent: ['disk2'], kernelArguments: [], run: ['echo newer >/newer; sync'] }],
    absent: ['disk1'],
    steps: [
      after(/QUESTION: /, screen('question'), 15),
      after(now, press('1'), 0),
      after(/\[y\] yes/, screen('confirm'), 2),
      after(now, press('y'), 0),
      ...unlock,
    ],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      reports('asked', { times: 1 }),
      reports('array-started', { degraded: true, times: 1 }),
    ],
  },
  {
    ...behindSplash,
    id: 'B21-details',
    title:
      'a splash without a picture gives way: the whole notice on both consoles, a key on the serial one starts',
    kernelArguments: ['splash', timeForSteps],
    unlock: true,
    steps: [after(notice, screen('notice'), 12), after(seconds, type(keys.d), 0)],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      reports('key', { times: 1, with: { console: 'ttyS0' } }),
      reports('array-started', { degraded: true, sinceStep: [1, -0.3, 3] }),
      neverReports('array-started', { sinceDiscovery: [59, 120] }),
    ],
  },
  {
    ...behindSplash,
    id: 'B21-text',
    title: 'a screen that shows no pictures: what is waited for is on it all the same',
    firmware: 'bios',
    kernelArguments: [...picture, timeForSteps],
    steps: [after(notice, screen('notice'), 15), after(seconds, press('d'), 0), ...unlock],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      reports('array-started', { degraded: true, sinceStep: [1, -0.3, 3] }),
    ],
  },
];
