import type { MdUuid } from '../md/md-uuid.ts';
import { MAX_SLOTS } from '../md/superblock.ts';
import type { DependencyNode, DiskIdentity, WatchedArray, Watchlist } from '../watchlist/watchlist.ts';

/** A slot of an array that no member in sight holds. */
export interface AbsentMember {
  readonly role: number;
  /** Of the member that held it; null where no earlier list knows one. */
  readonly deviceUuid: string | null;
  /** Its disk as a person knows it, from an earlier list; null where none does. Escape it before a console. */
  readonly disk: string | null;
}

export type AbsentMembers = ReadonlyMap<MdUuid, readonly AbsentMember[]>;

/** Slots of an array that none of the members in sight holds. */
export const emptySlots = ({ raidDevices, members }: WatchedArray): readonly number[] =>
  Array.from({ length: Math.min(raidDevices, MAX_SLOTS) }, (_, role) => role).filter(
    (role) => !members.some((member) => member.role === role),
  );

/** Which members the listed arrays are missing, named by the list that an earlier image got, if there is one. */
export function absentMembers({ arrays }: Watchlist, kept: Watchlist | null): AbsentMembers {
  return new Map(
    arrays.flatMap((array) => {
      const slots = emptySlots(array);
      return slots.length === 0
        ? []
        : [[array.uuid, slots.map((role) => namedBy(kept, array, role))] as const];
    }),
  );
}

function namedBy(kept: Watchlist | null, array: WatchedArray, role: number): AbsentMember {
  const inSight = new Set(array.members.map(({ deviceUuid }) => deviceUuid));
  const before = kept?.arrays.find(({ uuid }) => uuid === array.uuid)?.members ?? [];
  const member = before.find((one) => one.role === role && !inSight.has(one.deviceUuid));
  if (member !== undefined) return { role, deviceUuid: member.deviceUuid, disk: diskName(member.disk) };
  // That list may have been made without it already: then its tree carries the name on.
  const node = absentNodes(kept?.tree ?? [], array.uuid).find(({ label }) =>
    label.startsWith(`${labelOf(role)}: `),
  );
  const { uuid = null, label = null } = node ?? {};
  return {
    role,
    deviceUuid: uuid,
    disk: uuid === null || label === null ? null : label.slice(labelOf(role).length + 2),
  };
}

function absentNodes(trees: readonly DependencyNode[], array: MdUuid): readonly DependencyNode[] {
  const left = [...trees];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.kind === 'md' && node.uuid === array) {
      const absent = node.children.filter(({ kind }) => kind === ABSENT);
      if (absent.length > 0) return absent;
    }
    left.push(...node.children);
  }
  return [];
}

const ABSENT = 'missing';

const labelOf = (role: number): string => `role ${role}`;

/** The trees with a leaf for each member that an array is missing, where the array is spelled out. */
export const withAbsentMembers = (
  trees: readonly DependencyNode[],
  absent: AbsentMembers,
): readonly DependencyNode[] => (absent.size === 0 ? trees : trees.map((tree) => withLeaves(tree, absent)));

function withLeaves(node: DependencyNode, absent: AbsentMembers): DependencyNode {
  const children = node.children.map((child) => withLeaves(child, absent));
  const missing = node.kind === 'md' && children.length > 0 ? (absent.get(node.uuid as MdUuid) ?? []) : [];
  const leaves = missing.map(({ role, deviceUuid, disk }) => ({
    kind: ABSENT,
    label: `${labelOf(role)}: ${disk ?? `a disk that no earlier list names (array ${node.uuid?.slice(0, 8)})`}`,
    uuid: deviceUuid,
    children: [],
  }));
  return { ...node, children: [...children, ...leaves] };
}

function diskName({ model, serial, byId }: DiskIdentity): string | null {
  const known = model ?? byId;
  if (known === null) return serial === null ? null : `serial ${serial}`;
  return serial === null ? known : `${known} (serial ${serial})`;
}
