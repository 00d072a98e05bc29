import { EVENT_MARGIN } from '../md/event-margin.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import type { WatchedMember } from '../watchlist/watchlist.ts';
import { type ArrayFacts, freshestSuperblock, type MemberFacts } from './array-facts.ts';
import type { BlockGraph } from './block-graph.ts';
import { type ByIdNames, diskIdentity } from './disk-identity.ts';

/** The members of an array as the watchlist keeps them, in the order of their roles. */
export function watchMembers(
  facts: ArrayFacts,
  graph: BlockGraph,
  byIdNames: ByIdNames,
): { readonly watched: readonly WatchedMember[]; readonly warnings: readonly string[] } {
  const array = `/dev/${escapeForConsole(facts.device)}`;
  if (facts.container !== null) return { watched: watchSlots(facts, graph, byIdNames), warnings: [] };
  const newest = freshestSuperblock(facts.members)?.events ?? 0;
  const watched: WatchedMember[] = [];
  const warnings: string[] = [];
  for (const member of facts.members) {
    const { superblock } = member;
    if (superblock === null)
      warnings.push(
        `${array}: no superblock could be read from /dev/${escapeForConsole(member.device)}; not recorded`,
      );
    else if (superblock.arrayUuid !== facts.detail.uuid)
      warnings.push(
        `${array}: the superblock of /dev/${escapeForConsole(member.device)} belongs to another array; not recorded`,
      );
    else
      watched.push({
        deviceUuid: superblock.deviceUuid,
        role: superblock.role,
        disk: diskIdentity(member.device, graph, byIdNames),
        ledger: {
          events: superblock.events,
          updateTimeMs: superblock.updateTimeMs,
          inSync: isInSync(member, newest),
        },
      });
  }
  return { watched: watched.sort((a, b) => roleOrder(a) - roleOrder(b)), warnings };
}

/** A volume's disks by slot, so that a missing one can be named. They have no UUID each, and no ledger: mdadm judges their data. */
function watchSlots(facts: ArrayFacts, graph: BlockGraph, byIdNames: ByIdNames): readonly WatchedMember[] {
  const watched = facts.members.flatMap(({ device, role }) =>
    typeof role !== 'number'
      ? []
      : [
          {
            deviceUuid: `slot-${role}`,
            role,
            disk: diskIdentity(device, graph, byIdNames),
            ledger: { events: 0, updateTimeMs: 0, inSync: false },
          },
        ],
  );
  return watched.sort((a, b) => roleOrder(a) - roleOrder(b));
}

function isInSync({ role, superblock }: MemberFacts, newestEvents: number): boolean {
  if (superblock === null || superblock.recoveryOffsetSectors !== null) return false;
  const active = typeof superblock.role === 'number' && role !== 'faulty';
  return (active || superblock.role === 'journal') && superblock.events >= newestEvents - EVENT_MARGIN;
}

const ROLE_WORDS = ['journal', 'spare', 'faulty'];

const roleOrder = ({ role }: WatchedMember): number =>
  typeof role === 'number' ? role : 10_000 + ROLE_WORDS.indexOf(role);
