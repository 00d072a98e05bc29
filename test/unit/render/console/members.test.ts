// What is absent, what is present and does not count, and what is left to do about it.
import fc from 'fast-check';
import { test } from 'tap';
import {
  cameWords,
  memberLines,
  unfitAdvice,
  unfitWords,
} from '../../../../src/core/render/console/members.ts';
import { EMPTY_SNAPSHOT } from '../../../../src/core/snapshot/snapshot.ts';
import { wrap } from '../../../../src/core/text/lines.ts';
import {
  type Presence,
  presenceOf,
  type UnfitMember,
  type UnfitReason,
} from '../../../../src/core/verdict/presence.ts';
import type { Verdict } from '../../../../src/core/verdict/verdict.ts';
import { NO_DISK, watched } from '../../../support/present-members.ts';

const TOO_FEW: Verdict = { kind: 'insufficient', missingRoles: [1] };
const unfit = (why: UnfitReason, more: Partial<UnfitMember> = {}): UnfitMember => ({
  ...{ device: 'sdb1', role: 1, disk: { ...NO_DISK, model: 'WDC', serial: 'W1' }, why },
  ...more,
});
const presence = (more: Partial<Presence>): Presence => ({
  ...{ level: 1, slotCount: 2, filledCount: 1, absent: [], unfit: [] },
  ...more,
});
const REASONS: readonly UnfitReason[] = [
  ...(['failed', 'rebuilding', 'left-out', 'spare', 'outdated', 'unreadable', 'other-array'] as const).map(
    (code) => ({ code }),
  ),
  { code: 'older', behind: 40, writtenMs: 0 },
];

test('absent members: the first eight by name, the rest by number', async (t) => {
  const lines = (count: number) =>
    memberLines(
      'missing',
      presenceOf(watched([], { raidDevices: count }), EMPTY_SNAPSHOT, { kind: 'absent' }),
    );
  t.equal(lines(8).length, 8);
  t.equal(lines(11).length, 9);
  t.match(lines(11).at(-1), / 3 more/);
});

test('what is plugged in is not waited for: it is named, with the reason', async (t) => {
  t.same(memberLines('waiting for', presence({ unfit: [unfit({ code: 'rebuilding' })] })), [
    '  present  role 1  sdb1  WDC (serial W1)',
    '    does not count: its rebuild was not finished',
  ]);
  t.same(
    memberLines('missing', presence({ unfit: [unfit({ code: 'failed' }, { role: null, disk: null })] })),
    ['  present  sdb1  a disk that is not known here', '    does not count: it has failed'],
  );
  const words = REASONS.map(unfitWords);
  t.equal(new Set(words).size, REASONS.length, 'each reason has its own words');
  const many = memberLines('missing', presence({ unfit: Array(10).fill(unfit({ code: 'failed' })) }));
  t.match(many.at(-1), / 2 more/);
});

test('what a person can do where nothing that is present is fit', async (t) => {
  const advice = (more: Partial<Presence>, verdict: Verdict = TOO_FEW) =>
    unfitAdvice(presence(more), verdict).join(' ');
  t.equal(advice({}), '', 'nothing unfit: the missing members say it');
  const older = [unfit({ code: 'older', behind: 40, writtenMs: 0 })];
  t.equal(advice({ unfit: older }, { kind: 'startable', missingRoles: [1], degradedBefore: false }), '');
  t.match(
    advice({ unfit: older }),
    /mdadm --examine \/dev\/sdb1\. Older data can be started by hand; mdadm\(8\)/,
  );
  t.match(advice({ unfit: [unfit({ code: 'rebuilding' })] }), /not enough to start the array/);
  const absent = [{ role: 0, disk: null, deviceUuid: null }];
  t.match(
    advice({ unfit: older, absent }),
    /^ {2}Attach a missing disk, or look at what is present: mdadm --examine/,
  );
});

test('who came, by role, device and disk', async (t) => {
  const disk = { ...NO_DISK, model: 'WDC', serial: 'W1' };
  t.equal(cameWords([]), '');
  t.equal(cameWords([{ device: 'sdb', role: 1, disk }]), 'role 1 (sdb, WDC (serial W1))');
  t.equal(
    cameWords([
      { device: 'sdb', role: 1, disk: null },
      { device: 'sdc', role: null, disk: null },
    ]),
    'role 1 (sdb) and sdc',
  );
});

test('whatever a disk calls itself: lines of ASCII within 79 columns', async (t) => {
  const anyText = fc.string({ maxLength: 90, unit: 'binary' });
  const anyDisk = fc.record({ byId: anyText, model: anyText, serial: anyText, sizeBytes: fc.nat() });
  fc.assert(
    fc.property(anyText, anyDisk, fc.constantFrom(...REASONS), (device, disk, why) => {
      const named = presence({
        unfit: [{ device, role: 1, disk, why }],
        absent: [{ role: 0, disk, deviceUuid: '' }],
      });
      const lines = [
        ...memberLines('waiting for', named),
        ...unfitAdvice(named, TOO_FEW).flatMap(wrap),
        ...wrap(cameWords([{ device, role: 1, disk }])),
      ];
      for (const line of lines) if (!/^[ -~]{1,79}$/.test(line)) throw new Error(line);
    }),
  );
  t.pass();
});
