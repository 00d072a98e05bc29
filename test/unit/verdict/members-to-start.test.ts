import { test } from 'tap';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import { membersToStart } from '../../../src/core/verdict/members-to-start.ts';
import { A, B, member, seen, watched } from '../../support/present-members.ts';

const bound = (to: string, of: PresentMember): PresentMember => ({ ...of, boundTo: to });
const plan = (members: readonly PresentMember[], chosen: readonly string[] | null = null): string => {
  const answer =
    chosen === null ? null : { devices: new Set(chosen), accepts: new Set<never>(), whenPresent: '' };
  const { bind, mustLeave } = membersToStart(watched(), seen(...members), answer);
  const names = (of: readonly PresentMember[]) => of.map(({ device }) => device).join();
  return `${names(bind)} / ${names(mustLeave)}`;
};

test('which members a start takes, and which must leave', async (t) => {
  const aloneA = member({ number: 0, events: 110, roles: [0, null] });
  const aloneB = member({ number: 1, events: 105, roles: [null, 1] });
  const stale = member({ ...B, events: 50 });
  const other = (role: 'spare' | 'journal', events: number) =>
    member({ number: 2, events, roles: [0, 1, null], role });
  const cases: readonly [what: string, found: string, wanted: string][] = [
    ['both', plan([member(A), member(B)]), 'sda1,sdb1 /'],
    ['the stale one stays out', plan([aloneA, stale]), 'sda1 /'],
    ['and may stay bound', plan([aloneA, bound('md0', stale)]), 'sda1 /'],
    ['one that ran alone may not', plan([aloneA, bound('md0', aloneB)]), 'sda1 / sdb1'],
    ['the chosen copy', plan([aloneA, bound('md0', aloneB)], ['sdb1']), 'sdb1 /'],
    ['the other one leaves', plan([bound('md0', aloneA), aloneB], ['sdb1']), 'sdb1 / sda1'],
    ['a failed member', plan([member(A), bound('md0', member({ ...B, faulty: true }))]), 'sda1 / sdb1'],
    ['a spare', plan([member(A), other('spare', 20)]), 'sda1,sdc1 /'],
    ['a spare that saw more', plan([member(A), other('spare', 102)]), 'sda1 /'],
    ['a journal', plan([member(A), other('journal', 99)]), 'sda1,sdc1 /'],
    ['a journal out of date', plan([member(A), other('journal', 98)]), 'sda1 /'],
    ['only a spare', plan([bound('md0', other('spare', 20))]), '/'],
  ];
  for (const [what, found, wanted] of cases) t.equal(found.trim(), wanted, what);
});
