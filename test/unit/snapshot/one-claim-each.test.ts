import { test } from 'tap';
import { type Claim, claimsToDrop } from '../../../src/core/snapshot/one-claim-each.ts';
import { A, B, member } from '../../support/present-members.ts';

const claim = (device: string, of: Parameters<typeof member>[0], boundTo: string | null = null): Claim => ({
  device,
  superblock: member(of).superblock,
  boundTo,
});
const partitions = new Map([['sda', ['sda1', 'sda2', 'queue']]]);

test('of a disk and its partition, one claim counts', async (t) => {
  const cases: readonly [what: string, disk: Claim, partition: Claim, hasUdev: boolean, dropped: string][] = [
    ["one superblock seen twice is the partition's", claim('sda', A), claim('sda1', A), true, 'sda'],
    ['two superblocks, and udev tells them apart', claim('sda', A), claim('sda1', B), true, ''],
    ['two superblocks, and nobody tells', claim('sda', A), claim('sda1', B), false, 'sda'],
    ['a held partition covers its disk', claim('sda', A), claim('sda1', B, 'md0'), true, 'sda'],
    ['a held disk covers its partition', claim('sda', A, 'md0'), claim('sda1', A), true, 'sda1'],
    ['a held disk covers it without udev too', claim('sda', A, 'md0'), claim('sda1', B), false, 'sda1'],
    ["another disk's partition", claim('sda', A), claim('sdb1', A), true, ''],
  ];
  for (const [what, disk, partition, hasUdev, dropped] of cases)
    t.equal([...claimsToDrop([disk, partition], partitions, hasUdev)].join(), dropped, what);
});
