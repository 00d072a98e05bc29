import { test } from 'tap';
import { enough } from '../../../src/core/md/enough.ts';

test('enough(): slots that must be there, by level (mdadm util.c)', async (t) => {
  const cases: readonly [
    level: number,
    layout: number,
    devices: number,
    available: readonly number[],
    clean: boolean,
    dirty: boolean,
  ][] = [
    [-1, 0, 2, [0, 1], true, true],
    [-1, 0, 2, [0], false, false],
    [0, 0, 3, [0, 1, 2], true, true],
    [0, 0, 3, [0, 2], false, false],
    [1, 0, 2, [], false, false],
    [1, 0, 2, [1], true, true],
    [1, 0, 4, [3], true, true],
    [4, 0, 3, [0, 1, 2], true, true],
    [4, 0, 3, [0, 1], true, false],
    [4, 0, 3, [0, 2], true, false],
    [4, 0, 3, [0], false, false],
    [5, 2, 3, [0, 1, 2], true, true],
    [5, 2, 3, [0, 1], true, false],
    [5, 2, 3, [2], false, false],
    [6, 2, 4, [0, 1, 2, 3], true, true],
    [6, 2, 4, [0, 1, 3], true, false],
    [6, 2, 4, [0, 3], true, false],
    [6, 2, 4, [3], false, false],
    // near=2: neighbours are copies.
    [10, 0x102, 4, [0, 2], true, true],
    [10, 0x102, 4, [1, 3], true, true],
    [10, 0x102, 4, [0, 1], false, false],
    [10, 0x102, 3, [0, 1], true, true],
    [10, 0x102, 3, [0], false, false],
    [10, 0x102, 5, [0, 2, 4], true, true],
    [10, 0x102, 5, [0, 2, 3], true, true],
    [10, 0x102, 5, [0, 1, 3], true, true],
    [10, 0x102, 5, [0, 1, 4], false, false],
    // near=3
    [10, 0x103, 3, [2], true, true],
    [10, 0x103, 6, [1, 5], true, true],
    // far=2: the next device has the copy.
    [10, 0x201, 4, [0, 2], true, true],
    [10, 0x201, 4, [0, 3], false, false],
    [10, 0x201, 2, [1], true, true],
    // offset=2
    [10, 0x10201, 4, [1, 3], true, true],
    [10, 0x10201, 4, [2, 3], false, false],
    // near=2, far=2
    [10, 0x202, 4, [3], true, true],
    [10, 0x202, 8, [0, 4], true, true],
    [10, 0x202, 8, [0, 1], false, false],
    // Nonsense from a disk: no data is ever "enough" of it, and it ends.
    [10, 0, 4, [0, 1, 2, 3], false, false],
    [10, 0xffff, 4, [], false, false],
    [-4, 0, 2, [0, 1], false, false],
    [7, 0, 2, [0, 1], false, false],
    [1, 0, 0, [], false, false],
  ];
  for (const [level, layout, devices, available, clean, dirty] of cases) {
    const title = `level ${level} layout 0x${layout.toString(16)} of ${devices}: ${available.join(',')}`;
    t.equal(enough(level, layout, devices, new Set(available), true), clean, `${title}, clean`);
    t.equal(enough(level, layout, devices, new Set(available), false), dirty, `${title}, dirty`);
  }
});
