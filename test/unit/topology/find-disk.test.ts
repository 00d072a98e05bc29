import { test } from 'tap';
import { findDisk } from '../../../src/core/topology/find-disk.ts';
import { graph } from '../../support/block-graph-of-paths.ts';

const byIdNames = new Map([
  ['sda', ['ata-WDC_A', 'wwn-0x1']],
  ['sda1', ['ata-WDC_A-part1']],
]);

test('a disk by kernel name, path, partition, by-id name, serial; all paths of it', async (t) => {
  for (const [text, disks] of [
    ['sda', ['sda']],
    ['/dev/sda', ['sda']],
    ['sda1', ['sda']],
    ['/dev/sda1', ['sda']],
    ['ata-WDC_A', ['sda']],
    ['/dev/disk/by-id/ata-WDC_A-part1', ['sda']],
    ['wd-a', ['sda']],
    ['sdc', ['sdc', 'sdd']],
    ['SAN-1', ['sdc', 'sdd']],
    ['mpatha', ['sdc', 'sdd']],
    ['/dev/mapper/mpatha-part1', ['sdc', 'sdd']],
    ['dm-1', ['sdc', 'sdd']],
  ] as const) {
    t.same(findDisk(text, graph, byIdNames), { ok: true, value: disks }, text);
  }
});

test('what is no disk, or not one', async (t) => {
  for (const [text, why] of [
    ['sdz', /no block device/],
    ['', /no block device/],
    ['md0', /is not a disk: md0 is an array, on sda, sdb/],
    ['secret', /is not a disk: md0 is an array/],
    ['vg-wide', /is on several disks: sde, sdf/],
    ['loop-a', /does not stand on a disk/],
    ['same', /is on several disks: sdb, sde/],
  ] as const) {
    t.match(findDisk(text, graph, byIdNames), { ok: false, why }, text);
  }
});
