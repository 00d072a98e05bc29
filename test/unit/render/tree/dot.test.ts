import { test } from 'tap';
import { renderDot } from '../../../../src/core/render/tree/dot.ts';

test('a node a thing, an edge a step, quotes and backslashes escaped', async (t) => {
  const leaf = { kind: 'disk', label: 'a "b" \\ c', uuid: null, children: [] };
  const text = renderDot([{ kind: 'md', label: 'md0', uuid: 'some-uuid', children: [leaf] }]);
  t.match(text, /^digraph boot \{\n[\s\S]*\n\}\n$/);
  t.match(text, 'n0 [label="md\\nmd0\\nsome-uuid"');
  t.match(text, 'n1 [label="disk\\na \\"b\\" \\\\ c"', 'no line for a UUID that there is not');
  t.match(text, 'n0 -> n1;');
  t.notMatch(renderDot([leaf]), '->');
});
