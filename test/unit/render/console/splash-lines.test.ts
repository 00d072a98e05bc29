import { test } from 'tap';
import type { Message, NoticedArray } from '../../../../src/core/engine/messages.ts';
import { splashLines } from '../../../../src/core/render/console/splash-lines.ts';
import { EMPTY_SNAPSHOT } from '../../../../src/core/snapshot/snapshot.ts';
import { presenceOf, type UnfitMember } from '../../../../src/core/verdict/presence.ts';
import type { Choice } from '../../../../src/core/verdict/question.ts';
import type { Verdict } from '../../../../src/core/verdict/verdict.ts';
import { watched } from '../../../support/simulated-boot.ts';

const [a0, a1, a2] = [0, 1, 2].map((n) => watched({ n, level: 5, raidDevices: 3 })) as [
  ReturnType<typeof watched>,
  ReturnType<typeof watched>,
  ReturnType<typeof watched>,
];
const startable = (...missingRoles: readonly number[]): Verdict => ({
  kind: 'startable',
  missingRoles,
  degradedBefore: false,
});
const noticed = (array: typeof a0, verdict: Verdict): NoticedArray => ({
  ...{ array, verdict, presence: presenceOf(array, EMPTY_SNAPSHOT, verdict), policy: 'start' },
  ...{ waitedMs: 0, leftMs: 0, writtenMs: null },
});
const ONE_MISSING = presenceOf(a0, EMPTY_SNAPSHOT, startable(1));
const HALF_REBUILT: UnfitMember = { device: 'sdb', role: 1, disk: null, why: { code: 'rebuilding' } };
const notice = (...arrays: readonly NoticedArray[]): Message => ({
  ...{ kind: 'notice', arrays },
  ...{ canStart: true, shellDenied: null },
});
const choice: Choice = {
  answer: { devices: new Set(['sda']), accepts: new Set(), whenPresent: '' },
  ...{ members: [], events: 1, updateTimeMs: 0, missingRoles: [], slotCount: 3, leavesOut: [] },
};
const failure = { reason: 'not-run', device: 'md0', detail: '', attempts: 1 } as const;
const notStartable = (verdict: Verdict, failed: typeof failure | null = null): Message => ({
  ...{ kind: 'not-startable', array: a0, verdict, presence: presenceOf(a0, EMPTY_SNAPSHOT, verdict) },
  failure: failed,
});

const lines: readonly (readonly [message: Message, line: string])[] = [
  [notice(noticed(a0, startable(1))), 'Waiting for DISK (serial S01) of array a0'],
  [notice(noticed(a0, startable(1, 2))), 'Waiting for 2 members of array a0'],
  [notice(noticed(a0, { kind: 'complete' })), 'Waiting for array a0'],
  [
    notice({ ...noticed(a0, startable(1)), presence: { ...ONE_MISSING, absent: [], unfit: [HALF_REBUILT] } }),
    'sdb of array a0 does not count: its rebuild was not finished',
  ],
  [
    notice(noticed(a0, startable(1)), noticed(a1, startable(0))),
    'Waiting for 2 members of array a0 and array a1',
  ],
  [
    notice(noticed(a0, startable(1)), noticed(a1, { kind: 'absent' }), noticed(a2, startable(0))),
    'Waiting for 5 members of 3 arrays',
  ],
  [
    {
      ...{ kind: 'question', array: a0, presence: ONE_MISSING, shellDenied: null },
      question: { reason: { code: 'reshape' }, missingRoles: [], choices: [] },
    },
    'Array a0: a reshape is under way that needs its backup file',
  ],
  [{ kind: 'confirm', array: a0, number: 2, choice }, 'Start copy 2 of array a0? [y] yes  [n] no'],
  [{ kind: 'chosen', array: a0, number: 2, choice }, 'Starting copy 2 of array a0, as chosen'],
  [{ kind: 'withdrawn', array: a0 }, 'Array a0 is not started'],
  [
    { kind: 'starting', array: a0, presence: ONE_MISSING, wasNoticed: true, writtenMs: null },
    'Starting array a0 degraded',
  ],
  [
    { kind: 'starting', array: a0, presence: ONE_MISSING, wasNoticed: true, writtenMs: 0 },
    'Starting array a0 degraded, data written 1970-01-01 00:00 UTC',
  ],
  [notStartable(startable(1)), 'Array a0 is not started: it would be degraded'],
  [notStartable(startable(1), failure), 'Array a0 is not started: mdadm --run did not start it'],
  [
    notStartable({ kind: 'insufficient', missingRoles: [1, 2] }),
    'Array a0 is not started: 1 of 3 members are present',
  ],
  [notStartable({ kind: 'absent' }), 'Array a0 is not started: 0 of 3 members are present'],
  [
    notStartable({ kind: 'unsafe', reason: { code: 'reshape' }, missingRoles: [1] }),
    'Array a0 is not started: a reshape is under way that needs its backup file',
  ],
  [{ kind: 'up', array: a0, missing: 0, came: [] }, 'Array a0 is complete'],
  [
    { kind: 'up', array: a0, missing: 0, came: [{ device: 'sdb', role: 1, disk: null }] },
    'Array a0 is complete: role 1 (sdb) came',
  ],
  [{ kind: 'up', array: a0, missing: 1, came: [] }, 'Array a0 runs degraded'],
  [{ kind: 'runs-degraded', arrays: [a0] }, 'Array a0 runs degraded: see "man reliable-raid"'],
  [{ kind: 'runs-degraded', arrays: [a0, a1, a2] }, '3 arrays run degraded: see "man reliable-raid"'],
  [
    { kind: 'no-shell', why: { by: 'kernel-argument', argument: 'panic=1' } },
    'No rescue shell: panic=1 is on the kernel command line',
  ],
  [{ kind: 'no-shell', why: { by: 'configuration' } }, 'No rescue shell: shell = "deny" is configured'],
  [{ kind: 'no-shell', why: { by: 'locked-root' } }, 'No rescue shell: root is locked in this image'],
  [{ kind: 'handover', arrays: [a0], reportPath: '/r' }, 'Gave up waiting for array a0'],
  [{ kind: 'handover', arrays: [a0, a1], reportPath: '/r' }, 'Gave up waiting for array a0 and array a1'],
  [{ kind: 'handover', arrays: [a0, a1, a2], reportPath: '/r' }, 'Gave up waiting for 3 arrays'],
];

for (const [message, line] of lines)
  test(line, async (t) => {
    const [first, ...more] = splashLines({ said: message, asked: null, countdown: null });
    t.strictSame([first, more], [line.length > 62 ? `${line.slice(0, 59)}...` : line, []]);
  });

test('below it: what is counted down, and the keys', async (t) => {
  const below = (
    asked: Message | null,
    what: 'start' | 'wait' | 'give-up' | null,
    ...arrays: readonly (typeof a0)[]
  ): string | undefined => {
    const countdown = what === null ? null : { what, leftMs: 4_001, arrays };
    return splashLines({ said: { kind: 'withdrawn', array: a0 }, asked, countdown })[1];
  };
  const all = notice(noticed(a0, startable(1)));
  t.equal(below(null, 'start', a0), '5 s until it starts degraded');
  t.equal(below(null, 'start', a0, a1), '5 s until they start degraded');
  t.equal(below(null, 'wait', a0), '5 s left to wait');
  t.equal(below(null, 'give-up', a0), '5 s until the boot gives up');
  t.equal(below(null, null), undefined);
  t.equal(below(all, 'start', a0), '5 s until it starts degraded   [d] now  [Return] shell');
  t.equal(below(all, null), '[d] start degraded now  [Return] shell');
  t.equal(
    below({ ...all, shellDenied: { by: 'configuration' } } as Message, 'start', a0),
    '5 s until it starts degraded   [d] now',
  );
  t.equal(below({ ...all, canStart: false } as Message, 'wait', a0), '5 s left to wait   [Return] shell');
  const question = (...choices: readonly Choice[]): Message => ({
    ...{ kind: 'question', array: a0, presence: ONE_MISSING, shellDenied: null },
    question: { reason: { code: 'reshape' }, missingRoles: [], choices },
  });
  t.equal(
    below(question(...Array.from({ length: 9 }, () => choice)), 'give-up', a0),
    '5 s left   [1]-[9] choose  [Esc] details  [Return] shell',
  );
  t.equal(below(question(choice), null), '[1] start it  [Esc] details  [Return] shell');
  t.equal(below(question(choice, choice), null), '[1]-[2] choose  [Esc] details  [Return] shell');
  const confirm: Message = { kind: 'confirm', array: a0, number: 2, choice };
  t.strictSame(
    splashLines({ said: confirm, asked: question(choice, choice), countdown: null }),
    ['Start copy 2 of array a0? [y] yes  [n] no'],
    'it names its own keys',
  );
});
