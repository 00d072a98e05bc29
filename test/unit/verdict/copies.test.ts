import { test } from 'tap';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import { copiesOf, holdsAll, wasLeftBehindBy } from '../../../src/core/verdict/copies.ts';
import { compareFreshness, slotMembers } from '../../../src/core/verdict/freshness.ts';
import { A, B, member } from '../../support/present-members.ts';

const copies = (...members: readonly PresentMember[]): string =>
  copiesOf(slotMembers(members))
    .map(({ fresh }) => fresh.map(({ device }) => device).join('+'))
    .join(' ');

test('which members make up one copy', async (t) => {
  const aloneA = member({ number: 0, events: 110, roles: [0, null] });
  const aloneB = member({ number: 1, events: 105, roles: [null, 1] });
  const leftBehind = member({ ...B, events: 50 });
  const replaced = member({ number: 2, events: 110, roles: [0, null, 1] });
  const withNew = member({ number: 0, events: 110, roles: [0, null, 1] });
  const cases: readonly [what: string, members: readonly PresentMember[], wanted: string][] = [
    ['nobody', [], ''],
    ['both', [member(A), member(B)], 'sda1+sdb1'],
    ['one was left behind', [aloneA, leftBehind], 'sda1'],
    ['each ran alone, the freshest first', [aloneB, aloneA], 'sda1 sdb1'],
    ['one was replaced', [withNew, replaced, member({ ...B, events: 40 })], 'sda1+sdc1'],
    ['spares make no copy', [member({ ...A, role: 'spare' })], ''],
  ];
  for (const [what, members, wanted] of cases) t.equal(copies(...members), wanted, what);
});

test('whether a copy holds all the data', async (t) => {
  const holds = (level: number, present: readonly number[], clean = true) => {
    const members = present.map((number) =>
      member({ number, events: 7, level, raidDevices: 3, roles: [0, 1, 2], superblock: { clean } }),
    );
    const copy = compareFreshness(slotMembers(members));
    return copy !== null && holdsAll(copy);
  };
  t.equal(holds(5, [0, 1]), true);
  t.equal(holds(5, [0, 1], false), true, 'dirty is another question');
  t.equal(holds(5, [0]), false);
  t.equal(holds(0, [0, 1]), false);
});

test('who was left behind by a copy and never ran without it', async (t) => {
  const copy = compareFreshness(slotMembers([member({ number: 0, events: 100, roles: [0, null] })]));
  const wasLeft = (facts: Parameters<typeof member>[0]) =>
    copy !== null && slotMembers([member(facts)]).some((each) => wasLeftBehindBy(each, copy));
  t.equal(wasLeft({ number: 1, events: 50, roles: [0, 1] }), true);
  t.equal(wasLeft({ number: 1, events: 100, roles: [0, 1] }), true);
  t.equal(wasLeft({ number: 1, events: 101, roles: [0, 1] }), false, 'more events');
  t.equal(wasLeft({ number: 1, events: 50, roles: [null, 1] }), false, 'it ran without it');
  t.equal(wasLeft({ number: 2, events: 50, roles: [null, null, 0] }), true, 'of the same slot');
});
