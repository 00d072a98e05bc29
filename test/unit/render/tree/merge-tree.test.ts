import { test } from 'tap';
import { mergeTrees, shownUuid } from '../../../../src/core/render/tree/merge-tree.ts';
import type { DependencyNode } from '../../../../src/core/watchlist/watchlist.ts';

const node = (label: string, ...children: readonly DependencyNode[]): DependencyNode => ({
  kind: 'disk',
  label,
  uuid: null,
  children,
});

test('what appears in several places is one node, with all its edges', async (t) => {
  const shared = node('sda');
  const merged = mergeTrees([node('/', node('md0', shared, node('sdb'))), node('/usr', shared)]);
  t.same(
    merged.map(({ label, below }) => [label, below.map((index) => merged[index]?.label)]),
    [
      ['/', ['md0']],
      ['md0', ['sda', 'sdb']],
      ['sda', []],
      ['sdb', []],
      ['/usr', ['sda']],
    ],
  );
  t.equal(mergeTrees([node('x'), { ...node('x'), kind: 'md' }]).length, 2, 'another kind is another node');
  t.equal(mergeTrees([node('x'), { ...node('x'), uuid: 'u' }]).length, 2, 'another UUID too');
});

test('the UUID of a logical volume is not shown', async (t) => {
  t.equal(shownUuid({ uuid: 'LVM-abc' }), null);
  t.equal(shownUuid({ uuid: 'abc' }), 'abc');
  t.equal(shownUuid({ uuid: null }), null);
});
