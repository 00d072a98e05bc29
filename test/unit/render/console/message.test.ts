// One and the same message for a console and for a splash screen.
import t from 'tap';
import type { Countdown, Message } from '../../../../src/core/engine/messages.ts';
import { renderCountdown } from '../../../../src/core/render/console/boot-messages.ts';
import { renderMessage } from '../../../../src/core/render/console/message.ts';
import { splashCountdown, splashLine } from '../../../../src/core/render/console/splash-lines.ts';
import type { Choice } from '../../../../src/core/verdict/question.ts';
import type { Verdict } from '../../../../src/core/verdict/verdict.ts';
import type { WatchedArray } from '../../../../src/core/watchlist/watchlist.ts';
import { superblockOf, watched } from '../../../support/simulated-boot.ts';

const plan = { n: 0, level: 1, raidDevices: 2 };
const array = watched(plan);
/** Names and reasons that somebody else has chosen: too long for a line, and with what a terminal would obey. */
const hostile: WatchedArray = { ...array, name: `\u001b[2J${'long'.repeat(40)}` };
const missing: Verdict = { kind: 'startable', missingRoles: [1], degradedBefore: false };
const writtenMs = 1_760_000_000_000;
const choice: Choice = {
  answer: { devices: new Set(['sda1']), accepts: new Set(), whenPresent: '' },
  members: [
    {
      device: 'sda1',
      role: 0,
      superblock: { ...superblockOf(plan, 0), role: 0 },
      boundTo: null,
      faulty: false,
    },
  ],
  events: 30,
  updateTimeMs: writtenMs,
  missingRoles: [1],
  leavesOut: [],
};

const messagesOf = (of: WatchedArray): readonly Message[] => [
  {
    kind: 'notice',
    arrays: Array.from({ length: 6 }, () => ({
      ...{ array: of, verdict: missing, policy: 'start' as const },
      ...{ waitedMs: 10_000, leftMs: 20_000, writtenMs },
    })),
    canStart: true,
    shellDenied: null,
  },
  {
    kind: 'question',
    array: of,
    question: {
      reason: {
        code: 'split-brain',
        members: [
          { device: 'sda1', role: 0, writtenMs },
          { device: 'sdb1', role: 1, writtenMs },
        ],
      },
      missingRoles: [1],
      choices: [choice, choice],
    },
    shellDenied: 'panic=10 is on the kernel command line',
  },
  { kind: 'confirm', array: of, number: 1, choice },
  { kind: 'withdrawn', array: of },
  { kind: 'chosen', array: of, number: 1, choice },
  { kind: 'starting', array: of, verdict: missing, wasNoticed: false, writtenMs },
  {
    kind: 'not-startable',
    array: of,
    verdict: { kind: 'insufficient', missingRoles: [0, 1] },
    failure: null,
  },
  {
    kind: 'not-startable',
    array: of,
    verdict: missing,
    failure: { reason: 'not-run', device: 'md0', detail: `mdadm: \u009b ${'x'.repeat(300)}`, attempts: 1 },
  },
  { kind: 'up', array: of, missing: 0 },
  { kind: 'no-shell', why: 'panic=10 is on the kernel command line' },
  { kind: 'handover', arrays: [of, of, of], reportPath: '/run/reliable-raid/boot.json' },
];

t.test('a console gets lines of at most 79 columns of ASCII, a splash screen one', async (t) => {
  for (const message of [...messagesOf(array), ...messagesOf(hostile)]) {
    for (const line of renderMessage(message).split('\n')) t.match(line, /^[ -~]{1,79}$/, message.kind);
    t.match(splashLine(message), /^[ -~]{1,79}$/, `${message.kind} on a splash screen`);
  }
});

t.test('the same message, for both', async (t) => {
  const [notice, , , , , starting, tooFew] = messagesOf(array);
  const both = (message: Message | undefined) =>
    message === undefined ? [] : [renderMessage(message).split('\n'), splashLine(message)];
  t.match(both(notice), [
    [
      'NOTICE: array a0 (1 of 2 members) is not complete after 10 s.',
      '  waiting for  role 1  DISK (serial S01)',
      '  last written 2025-10-09 08:53 UTC',
      '  It will be started degraded in 20 s. Lower the wait with reliable_raid.wait=',
    ],
    'Waiting for 6 members of 6 arrays',
  ]);
  t.same(both(notice)[0]?.slice(-2), [
    '  ... and 2 more arrays.',
    '  [Esc] or [d] start degraded now     [Return] rescue shell',
  ]);
  t.same(both(starting), [
    [
      'reliable-raid: starting array a0 degraded, last written 2025-10-09 08:53 UTC.',
      '  missing  role 1  DISK (serial S01)',
    ],
    'Starting array a0 degraded, last written 2025-10-09 08:53 UTC',
  ]);
  t.same(both(tooFew), [
    [
      'reliable-raid: array a0 cannot be started: 0 of 2 members are present, too few',
      '  for raid1.',
      '  missing  role 0  DISK (serial S00)',
      '  missing  role 1  DISK (serial S01)',
    ],
    'Array a0 is not started: 0 of 2 members are present',
  ]);
});

t.test('the countdown, on both', async (t) => {
  const countdown: Countdown = { what: 'start', leftMs: 8_200, arrays: [array] };
  t.equal(renderCountdown(countdown), '    9 s until a0 is started degraded ');
  t.equal(splashCountdown(countdown), '9 s until array a0 starts degraded');
  for (const what of ['start', 'wait', 'give-up'] as const)
    for (const arrays of [[hostile], [hostile, hostile], [array, array, array]]) {
      t.match(splashCountdown({ what, leftMs: -1, arrays }), /^0 s [ -~]{1,75}$/);
      t.match(renderCountdown({ what, leftMs: 1e9, arrays }), /^[ -~]{1,79}$/);
    }
});
