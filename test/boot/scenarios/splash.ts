// A boot behind a splash (plymouth) that has the virtual terminal; the serial line is ours, and tells when.
import { array, reports, sees } from '../scenario/expect.ts';
import { after, press, type Scenario, screen } from '../scenario/scenario.ts';
import { notice, systemUp, timeForSteps } from './words.ts';

/** plymouth would show the lines of the boot on every console, and no picture, where it has a serial one. */
const picture = ['splash', 'plymouth.ignore-serial-consoles'];

/** Each letter of the passphrase as the keyboard sends it, without a pause. */
const typedFast = [...'correct', 'spc', ...'horse', 'ret'];

const now = /(?:)/;

const unlocks = /Next: attach or replace/;

export const splash: readonly Scenario[] = [
  {
    id: 'B21-key',
    title: 'notice, countdown and keys on the splash: d starts at once, then the passphrase, typed fast',
    layout: 'raid1-luks-splash',
    // this kernel knows no other screen with pictures than the firmware's
    firmware: 'efi',
    absent: ['disk2'],
    kernelArguments: [...picture, timeForSteps],
    unlock: false,
    steps: [
      // without a driver of a screen plymouth looks for one for 8 s
      after(notice, screen('notice'), 15),
      after(/ \d+ s\b/, screen('countdown'), 3),
      after(/ \d+ s\b/, press('d'), 0),
      after(unlocks, screen('prompt'), 15),
      after(now, press(...typedFast), 1),
    ],
    ends: 'system',
    limit: 300,
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      sees(notice),
      reports('key', { times: 1 }),
      reports('array-started', { degraded: true, sinceStep: [2, -0.3, 3] }),
    ],
  },
];
