import type { MemberDevice, RunningArray } from './readd-decision.ts';

/**
 * Why a member that S8 lets come back, and md does not re-add, is not rebuilt whole by itself either; null when it may be: it is known, no
 * bitmap says what has changed, and its copy is older than the array. Only where the configuration says so: what it holds is lost.
 */
export function whyNoRebuild(
  { superblock }: MemberDevice,
  { device, members }: RunningArray,
  known: ReadonlySet<string> | null,
): string | null {
  if (superblock.metadata === '0.90')
    return '0.90 metadata does not tell a disk from another one in its role';
  if (known === null || !known.has(superblock.deviceUuid)) return 'no record knows it';
  if (typeof superblock.role !== 'number') return 'it holds no data of the array';
  const others = members.filter(({ superblock: other }) => typeof other.role === 'number');
  if (others.length === 0) return `no member of ${device} can be compared with it`;
  if (others.some(({ superblock: other }) => other.hasBitmap)) return `${device} has a bitmap`;
  const highest = Math.max(...others.map(({ superblock: other }) => other.events));
  return superblock.events < highest ? null : 'its copy is not older than the array';
}
