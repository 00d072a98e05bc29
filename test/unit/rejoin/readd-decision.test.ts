import { test } from 'tap';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import {
  decideReadd,
  type MemberDevice,
  type RunningArray,
  rebuildCommands,
} from '../../../src/core/rejoin/readd-decision.ts';
import { alone1, member, running } from '../../support/member-devices.ts';

test('S8: who may join a running array', async (t) => {
  const cases: readonly [what: string, joiner: MemberDevice, array: RunningArray, expected: string][] = [
    ['left while both were there', member({ number: 1 }), running(), 'allow'],
    [
      'as late as the array itself, which was not written yet',
      member({ number: 1, events: 20 }),
      running(),
      'allow',
    ],
    ['ran alone', member({ number: 1, holders: alone1 }), running(), 'used-alone'],
    [
      'ran alone, with more events',
      member({ number: 1, events: 90, holders: alone1 }),
      running(),
      'used-alone',
    ],
    ['newer events', member({ number: 1, events: 21 }), running(), 'events-above'],
    ['a copy of a member', member({ number: 1, more: { deviceUuid: 'uuid-0' } }), running(), 'duplicate'],
    [
      'left before the other was replaced',
      member({ number: 1 }),
      running(member({ number: 2, role: 0, events: 20, holders: [[2], []] })),
      'left-before',
    ],
    [
      'its slot is held by a successor, even one that is still rebuilt',
      member({ number: 1 }),
      running(
        member({ number: 0, events: 20 }),
        member({ number: 2, role: 1, events: 20, holders: [[0], [2]], more: { recoveryOffsetSectors: 8 } }),
      ),
      'slot-taken',
    ],
    [
      'does not count a member that is only being rebuilt',
      member({ number: 2, holders: [[0], [], [2]] }),
      running(
        member({ number: 0, events: 20, holders: [[0], [1], []] }),
        member({ number: 1, events: 20, holders: [[0], [1], []], more: { recoveryOffsetSectors: 8 } }),
      ),
      'allow',
    ],
    [
      'reshaped since',
      member({ number: 1 }),
      running(member({ number: 0, holders: [[0], [], [3]] })),
      'reshaped',
    ],
    ['a reshape runs', member({ number: 1, more: { reshaping: true } }), running(), 'reshaped'],
    ['a spare', member({ number: 2, role: 'spare' }), running(), 'no-slot'],
    [
      'another array',
      member({ number: 1, more: { arrayUuid: 'ffffffff:22222222:33333333:44444444' as MdUuid } }),
      running(),
      'other-array',
    ],
    ['nothing to compare with', member({ number: 1 }), { ...running(), members: [] }, 'unreadable'],
    ['a member cannot be read', member({ number: 1 }), { ...running(), unreadable: ['sdz'] }, 'unreadable'],
  ];
  for (const [what, joiner, array, expected] of cases) {
    const decision = decideReadd(joiner, array, null);
    t.equal(decision.kind === 'allow' ? 'allow' : decision.code, expected, what);
    if (decision.kind === 'refuse') t.match(decision.text, /^[ -~]+$/, `${what}: plain text`);
  }
  t.match(decideReadd(member({ number: 1, holders: alone1 }), running(), null), {
    text: 'it was used without role 0 (sda), last on 2023-11-14 22:13 UTC',
  });
  t.same(rebuildCommands('md0', 'sdb'), ['wipefs --all /dev/sdb', 'mdadm /dev/md0 --add /dev/sdb']);
});

test('S8: a known device UUID', async (t) => {
  const joiner = member({ number: 1 });
  const code = (known: readonly string[] | null, array = running()) => {
    const decision = decideReadd(joiner, array, known === null ? null : new Set(known));
    return decision.kind === 'allow' ? 'allow' : decision.code;
  };
  t.equal(code(['uuid-0', 'uuid-1']), 'allow');
  t.equal(code(['uuid-0', 'uuid-7']), 'unknown-device');
  t.equal(code(['uuid-0']), 'allow', 'the record was first made without it');
  t.equal(code(null), 'allow', 'no record');
  const unwritten = running(member({ number: 0, events: 20 }));
  t.equal(code(['uuid-0'], unwritten), 'allow', "the array's own role table gives it the slot");
});
