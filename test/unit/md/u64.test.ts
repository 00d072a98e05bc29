import { test } from 'tap';
import { foldSum, isMaxSector, readU64 } from '../../../src/core/md/u64.ts';

const viewOf = (low: number, high: number): DataView => {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(4, low, true);
  view.setUint32(8, high, true);
  return view;
};

test('64 bits as far as a double holds them exactly', async (t) => {
  const cases: readonly [low: number, high: number, value: number | null][] = [
    [0, 0, 0],
    [0xffffffff, 0, 2 ** 32 - 1],
    [7, 2, 2 ** 33 + 7],
    [0xffffffff, 0x1fffff, Number.MAX_SAFE_INTEGER],
    [0, 0x200000, null],
    [0xffffffff, 0xffffffff, null],
  ];
  for (const [low, high, value] of cases) t.equal(readU64(viewOf(low, high), 4), value, `${high} ${low}`);
});

test("md's MaxSector has all bits set, in both halves", async (t) => {
  t.equal(isMaxSector(viewOf(0xffffffff, 0xffffffff), 4), true);
  t.equal(isMaxSector(viewOf(0xfffffffe, 0xffffffff), 4), false);
  t.equal(isMaxSector(viewOf(0xffffffff, 0xfffffffe), 4), false);
});

test('a sum of 32-bit words is folded once', async (t) => {
  t.equal(foldSum(5), 5);
  t.equal(foldSum(2 ** 32), 1);
  t.equal(foldSum(2 ** 33 + 5), 7);
  t.equal(foldSum(2 ** 32 + 0xffffffff), 0, 'the carry of the fold is lost, as in md');
});
