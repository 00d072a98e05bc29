import { LEVELS } from '../md/levels.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { Metadata, Role, Superblock } from '../md/superblock.ts';
import type { MdDetail } from '../parse/mdadm-detail-export.ts';

/** A member as found on the running system. */
export interface MemberFacts {
  /** Kernel name. */
  readonly device: string;
  /** As mdadm reports it; the superblock, where readable, takes precedence. */
  readonly role: Role;
  readonly superblock: Superblock | null;
}

/** All that is known of one array that a boot mount needs. */
export interface ArrayFacts {
  /** Kernel name, such as `md0`. */
  readonly device: string;
  readonly detail: MdDetail;
  /** The container that holds this volume; null for native metadata. */
  readonly container: MdDetail | null;
  readonly members: readonly MemberFacts[];
}

/** What the array is made as: from its freshest superblock, else from what mdadm reports. */
export interface ArrayShape {
  readonly level: number;
  readonly layout: number;
  readonly raidDevices: number;
  readonly metadata: Metadata | 'imsm' | 'ddf';
  readonly container: MdUuid | null;
}

/** The shape of an array, or why it cannot be told. */
export function arrayShape({ detail, container, members }: ArrayFacts): ArrayShape | string {
  const freshest = freshestSuperblock(members);
  if (freshest !== null && container === null) {
    const { level, layout, raidDevices, metadata } = freshest;
    return { level, layout, raidDevices, metadata, container: null };
  }
  const metadata = metadataWord(container?.metadata ?? detail.metadata);
  if (metadata === null) return `its metadata "${detail.metadata}" is not known`;
  const level = LEVELS[detail.level ?? ''];
  if (level === undefined) return 'mdadm reports no level for it, and none of its superblocks could be read';
  return { level, layout: 0, raidDevices: detail.devices, metadata, container: container?.uuid ?? null };
}

export function freshestSuperblock(members: readonly MemberFacts[]): Superblock | null {
  let best: Superblock | null = null;
  for (const { superblock } of members)
    if (superblock !== null && (best === null || superblock.events > best.events)) best = superblock;
  return best;
}

function metadataWord(text: string): Metadata | 'imsm' | 'ddf' | null {
  const word = text.replace(/^external:/, '').replace(/^00?\.90.*$/, '0.90');
  const known = ['0.90', '1.0', '1.1', '1.2', 'imsm', 'ddf'] as const;
  return known.find((name) => name === word) ?? null;
}
