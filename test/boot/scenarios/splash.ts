// A boot behind a splash (plymouth) that has the virtual terminal: what a person sees is read off the pictures of the screen.
import { array, neverReports, reports, sees } from '../scenario/expect.ts';
import { after, keys, press, type Scenario, shown, type } from '../scenario/scenario.ts';
import { notice, systemUp } from './words.ts';

/** With a serial console of its own plymouth would show the lines of the boot everywhere, and no picture. */
const picture = ['splash', 'plymouth.ignore-serial-consoles'];

/** A step ends the wait: reading a screen full of lines takes a busy host half a minute. */
const timeForReading = 'reliable_raid.wait=170';

/** The passphrase, as the keyboard sends it without a pause. */
const typedFast = [...'correct', 'spc', ...'horse', 'ret'];

const waitsFor = ['Waiting for QEMU_HARDDISK (serial disk2) of array md0', 'serial disk2'];
/** Where root is locked in the image, as in dracut's for no machine in particular, there is no shell to open. */
const countsDown = 'until it starts degraded [d] now';
const offersShell = 'until it starts degraded [d] now [Return] shell';
const wholeNotice = [
  'NOTICE: array md0 (1 of 2 members) is not complete',
  'waiting for role 1 QEMU_HARDDISK (serial disk2)',
  'serial disk2',
];
const [noticeLine = ''] = wholeNotice;
/** "Please unlock disk", and systemd's "Please enter passphrase for disk". */
const prompt = ['Please', 'disk md0_crypt'];
const runsDegraded = 'Array md0 runs degraded: see "man reliable-raid"';

/** Not before: the lines of a boot take long to read. */
const noticed = after(notice, { look: true }, 0);
const unlock = shown('prompt', { words: prompt }, press(...typedFast));

const behindSplash = {
  layout: 'raid1-luks-splash',
  // the kernel of the guests knows no other screen with pictures than the firmware's, and plymouth looks for a better one for 8 s
  firmware: 'efi',
  absent: ['disk2'],
  unlock: false,
  ends: 'system',
  limit: 720,
} as const satisfies Partial<Scenario>;

export const splash: readonly Scenario[] = [
  {
    ...behindSplash,
    id: 'B21-key',
    title: 'notice, countdown and keys on the splash: d starts at once, then the passphrase, typed fast',
    kernelArguments: [...picture, timeForReading],
    steps: [
      noticed,
      shown('notice', { words: [...waitsFor, countsDown], without: [noticeLine] }, press('esc')),
      shown('details', { words: [...wholeNotice, '[d] start degraded now'] }, press('esc')),
      shown('countdown', { words: [...waitsFor, countsDown], without: [noticeLine] }, press('d')),
      shown('prompt', { words: [...prompt, runsDegraded], without: [countsDown] }, press(...typedFast)),
    ],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      sees(notice),
      reports('key', { times: 1 }),
      reports('array-started', { degraded: true, sinceStep: [3, -0.3, 3] }),
    ],
  },
  {
    ...behindSplash,
    id: 'B21-shell',
    title:
      'Return on the splash opens the shell on its terminal; left again, the countdown goes on there, d starts, and the splash is back',
    kernelArguments: [...picture, timeForReading],
    notWithDracut: "dracut's shell is another one",
    opensShell: true,
    steps: [
      noticed,
      shown('notice', { words: [...waitsFor, offersShell] }, press('ret')),
      shown(
        'shell',
        {
          words: [
            'array md0 raid1 of 2: can be started degraded',
            'Rescue shell. The countdown is paused while it is open',
            'Enter "help" for a list of built-in commands. (initramfs)',
          ],
        },
        press(...'exit', 'ret'),
      ),
      shown('back', { words: ['(initramfs) exit', 'Seconds until md0 is started degraded'] }, press('d')),
      shown('prompt', { words: prompt, without: ['(initramfs)'] }, press(...typedFast)),
    ],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      reports('shell-opened', { times: 1 }),
      reports('array-started', { degraded: true, sinceStep: [3, -0.3, 3] }),
    ],
  },
  {
    ...behindSplash,
    id: 'B21-sulogin',
    title:
      'the same with dracut, whose shell ends the splash: the countdown goes on, and the passphrase is asked for without it',
    onlyWithDracut: true,
    // its shell is on the console that is named last
    kernelArguments: [...picture, timeForReading, 'console=tty0'],
    opensShell: true,
    steps: [
      noticed,
      shown('notice', { words: ['serial disk2', '[Return]'] }, press('ret')),
      // what is typed ahead waits for the shell
      shown(
        'maintenance',
        {
          words: [
            'array md0 raid1 of 2: can be started degraded',
            'Rescue shell. The countdown is paused while it is open',
            'Press Enter for system maintenance',
          ],
        },
        press('ret', ...'uname', 'ret'),
      ),
      shown('shell', { words: ['Linux'] }, press(...'exit', 'ret')),
      shown('back', { words: ['Seconds until md0 is started degraded'] }, press('d')),
      shown('prompt', { words: prompt }, press(...typedFast)),
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
      after(/QUESTION: /, { look: true }, 0),
      shown(
        'question',
        { words: ['Array md0: this copy is from', 's left [1] start it [Esc] details'] },
        press('1'),
      ),
      shown('confirm', { words: ['Start copy 1 of array md0? [y] yes [n] no', 's left'] }, press('y')),
      unlock,
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
    kernelArguments: ['splash', timeForReading],
    unlock: true,
    steps: [
      noticed,
      shown('notice', { words: [...wholeNotice, 'Seconds until md0 is started degraded'] }),
      after(/ \d+ s\b/, type(keys.d), 0),
    ],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      sees(notice),
      reports('key', { times: 1, with: { console: 'ttyS0' } }),
      reports('array-started', { degraded: true, sinceStep: [2, -0.3, 3] }),
      neverReports('array-started', { sinceDiscovery: [169, 230] }),
    ],
  },
  {
    ...behindSplash,
    id: 'B21-text',
    title: 'a screen that shows no pictures: what is waited for is on it all the same',
    firmware: 'bios',
    kernelArguments: [...picture, timeForReading],
    // As two lines by plymouth, or, where it gives way, as the whole notice.
    steps: [noticed, shown('notice', { words: ['QEMU_HARDDISK (serial disk2)', '[d]'] }, press('d')), unlock],
    expect: [
      ...systemUp(/vg0-root/),
      array('md0', { degraded: 1 }),
      reports('array-started', { degraded: true, sinceStep: [1, -0.3, 3] }),
    ],
  },
];
