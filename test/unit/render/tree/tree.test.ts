import fc from 'fast-check';
import { test } from 'tap';
import { renderDot } from '../../../../src/core/render/tree/dot.ts';
import { mergeTrees } from '../../../../src/core/render/tree/merge-tree.ts';
import { renderSvg } from '../../../../src/core/render/tree/svg.ts';
import { renderTree } from '../../../../src/core/render/tree/tree.ts';
import { DEFAULT_SETTINGS } from '../../../../src/core/watchlist/watchlist.ts';
import { treeOf } from '../../../support/any-tree.ts';
import { IMAGE } from '../../../support/ledger-entries.ts';

test('pictures of hostile trees', async () => {
  fc.assert(
    fc.property(fc.array(treeOf(4), { maxLength: 3 }), (tree) => {
      const watchlist = {
        schema: 'reliable-raid/watchlist/1' as const,
        hostName: '',
        settings: DEFAULT_SETTINGS,
        arrays: [],
        tree,
        warnings: [],
      };
      const [text, dot, svg] = [renderTree(watchlist), renderDot(tree), renderSvg(tree)];
      for (const out of [text, dot, svg])
        if (/[^\n\x20-\x7e]/.test(out)) throw new Error(`not ASCII: ${JSON.stringify(out)}`);
      if ((svg.match(/<g>/g) ?? []).length !== mergeTrees(tree).length) throw new Error('a box is missing');
      if (!/^(?:[^"]|"(?:[^"\\]|\\.)*")*$/.test(dot)) throw new Error(`quotes: ${dot}`);
    }),
  );
});

test('an array has the name here that it has in every message', async (t) => {
  const named = (name: string) =>
    renderTree({
      schema: 'reliable-raid/watchlist/1',
      hostName: '',
      settings: DEFAULT_SETTINGS,
      arrays: [{ ...IMAGE, name }],
      tree: [],
      warnings: [],
    }).split('\n')[0];
  t.equal(named('0'), `array md0  ${IMAGE.uuid}`);
  t.equal(named('root'), `array root  ${IMAGE.uuid}`);
});
