import { test } from 'tap';
import { renderSvg } from '../../../../src/core/render/tree/svg.ts';

test('a box a thing, a path an edge; only what is unknown is dashed; texts are escaped', async (t) => {
  const leaf = { kind: 'unknown', label: `<&">'`, uuid: null, children: [] };
  const text = renderSvg([{ kind: 'md', label: 'md0', uuid: 'some-uuid', children: [leaf] }]);
  t.equal(text.match(/<g>/g)?.length, 2);
  t.equal(text.match(/<path /g)?.length, 1);
  t.equal(text.match(/stroke-dasharray/g)?.length, 1);
  t.match(text, '>md  some-uuid<');
  t.match(text, '>unknown<');
  t.match(text, '&lt;&amp;&quot;&gt;&#39;');
  const [, width = 0, height = 0] = /width="(\d+)" height="(\d+)"/.exec(text)?.map(Number) ?? [];
  for (const [, x, y, w, h] of text.matchAll(
    /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g,
  ))
    t.ok(Number(x) + Number(w) <= width && Number(y) + Number(h) <= height, 'inside the picture');
});

test('nothing to draw is a picture too', async (t) => {
  t.match(renderSvg([]), /<svg [^>]*width="24" height="24"/);
});
