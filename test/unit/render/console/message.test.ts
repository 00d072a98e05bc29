// One and the same message for a console and for a splash screen.
import t from 'tap';
import type { CameMember, Countdown, Message } from '../../../../src/core/engine/messages.ts';
import { renderCountdown, renderSecondsLeft } from '../../../../src/core/render/console/boot-messages.ts';
import { renderMessage } from '../../../../src/core/render/console/message.ts';
import { splashLines } from '../../../../src/core/render/console/splash-lines.ts';
import { EMPTY_SNAPSHOT } from '../../../../src/core/snapshot/snapshot.ts';
import { type Presence, presenceOf } from '../../../../src/core/verdict/presence.ts';
import type { Choice } from '../../../../src/core/verdict/question.ts';
import type { Verdict } from '../../../../src/core/verdict/verdict.ts';
import type { WatchedArray } from '../../../../src/core/watchlist/watchlist.ts';
import { superblockOf, watched } from '../../../support/simulated-boot.ts';

const plan = { n: 0, level: 1, raidDevices: 2 };
const array = watched(plan);
/** Names and reasons that somebody else has chosen: too long for a line, and with what a terminal would obey. */
const hostile: WatchedArray = { ...array, name: `\u001b[2J${'long'.repeat(40)}` };
const missing: Verdict = { kind: 'startable', missingRoles: [1], degradedBefore: false };
const tooFew: Verdict = { kind: 'insufficient', missingRoles: [0, 1] };
const presence = (of: WatchedArray, verdict: Verdict): Presence => presenceOf(of, EMPTY_SNAPSHOT, verdict);
const came = ({ name, members }: WatchedArray): CameMember => ({
  device: name,
  role: 1,
  disk: members[1]?.disk ?? null,
});
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
  slotCount: 2,
  leavesOut: [],
};

const messagesOf = (of: WatchedArray): readonly Message[] => [
  {
    kind: 'notice',
    arrays: Array.from({ length: 6 }, () => ({
      ...{ array: of, verdict: missing, presence: presence(of, missing), policy: 'start' as const },
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
    presence: presence(of, missing),
    shellDenied: { by: 'kernel-argument', argument: `panic=10${of.name}` },
  },
  { kind: 'confirm', array: of, number: 1, choice },
  { kind: 'withdrawn', array: of },
  { kind: 'chosen', array: of, number: 1, choice },
  { kind: 'starting', array: of, presence: presence(of, missing), wasNoticed: false, writtenMs },
  {
    kind: 'not-startable',
    array: of,
    verdict: tooFew,
    presence: presence(of, tooFew),
    failure: null,
  },
  {
    kind: 'not-startable',
    array: of,
    verdict: missing,
    presence: presence(of, missing),
    failure: { reason: 'not-run', device: 'md0', detail: `mdadm: \u009b ${'x'.repeat(300)}`, attempts: 1 },
  },
  { kind: 'up', array: of, missing: 0, came: [] },
  { kind: 'up', array: of, missing: 0, came: Array.from({ length: 5 }, () => came(of)) },
  { kind: 'runs-degraded', arrays: [of] },
  { kind: 'runs-degraded', arrays: [of, of, of] },
  { kind: 'no-shell', why: { by: 'kernel-argument', argument: `panic=10${of.name}` } },
  { kind: 'no-shell', why: { by: 'configuration' } },
  { kind: 'handover', arrays: [of, of, of], reportPath: '/run/reliable-raid/boot.json' },
];

t.test('a console gets lines of at most 79 columns of ASCII, a splash two short ones', async (t) => {
  for (const message of [...messagesOf(array), ...messagesOf(hostile)]) {
    for (const line of renderMessage(message).split('\n')) t.match(line, /^[ -~]{1,79}$/, message.kind);
    for (const countdown of [
      null,
      { what: 'start' as const, leftMs: 1e7, arrays: [hostile, array, hostile] },
    ]) {
      const lines = splashLines({ said: message, asked: message, countdown });
      t.ok(lines.length >= 1 && lines.length <= 2, message.kind);
      for (const line of lines) t.match(line, /^[ -~]{1,62}$/, `${message.kind} on a splash`);
    }
  }
});

t.test('the same message, for both', async (t) => {
  const [notice, , , , , starting, tooFew] = messagesOf(array);
  const both = (message: Message | undefined) =>
    message === undefined
      ? []
      : [renderMessage(message).split('\n'), ...splashLines({ said: message, asked: null, countdown: null })];
  t.match(both(notice), [
    [
      'NOTICE: array a0 (1 of 2 members) is not complete after 10 s.',
      '  waiting for  role 1  DISK (serial S01)',
      '  The data that is present was last written 2025-10-09 08:53 UTC.',
      '  It will be started degraded in 20 s. To wait less at every boot, add',
      '  reliable_raid.wait=SECONDS to the kernel command line.',
    ],
    'Waiting for 6 members of 6 arrays',
  ]);
  t.same(both(notice)[0]?.slice(-2), [
    '  ... and 2 more arrays.',
    '  [Esc] or [d] start degraded now     [Return] rescue shell',
  ]);
  if (notice !== undefined)
    t.equal(
      renderMessage(notice, false).split('\n').at(-1),
      '  [d] start degraded now     [Return] rescue shell',
      'behind a splash Esc is its own key',
    );
  t.same(both(starting), [
    [
      'reliable-raid: starting array a0 degraded, data written 2025-10-09 08:53 UTC.',
      '  missing  role 1  DISK (serial S01)',
    ],
    'Starting array a0 degraded, data written 2025-10-09 08:53 UTC',
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

t.test('the countdown', async (t) => {
  const countdown: Countdown = { what: 'start', leftMs: 8_200, arrays: [array] };
  t.equal(renderCountdown(countdown), '  Seconds until a0 is started degraded:');
  t.equal(renderSecondsLeft(countdown), '     9 s');
  for (const what of ['start', 'wait', 'give-up'] as const)
    for (const arrays of [[hostile], [hostile, hostile], [array, array, array]]) {
      t.match(renderCountdown({ what, leftMs: 1e9, arrays }), /^[ -~]{1,79}$/);
      // A kernel line begins with a time stamp of 15 columns: nothing of the seconds is left beside it.
      t.match(renderSecondsLeft({ what, leftMs: 1e9, arrays }), /^[ -~]{1,15}$/);
    }
});
