import fc from 'fast-check';
import { test } from 'tap';
import { markup } from '../../../../src/core/render/report/markup.ts';

test('texts are escaped, pieces are not escaped twice', async (t) => {
  const inner = markup`<b>${'<&"\'>'}</b>`;
  t.equal(markup`<p>${inner}${[inner]}${7}</p>`.html, `<p>${inner.html}${inner.html}7</p>`);
  t.equal(inner.html, '<b>&lt;&amp;&quot;&#39;&gt;</b>');
  t.equal(markup`${'\x1b\u202e\n'}`.html, '\\x1b\\u{202e}\\x0a', 'as numbers');
  t.equal(markup`${'made safe: \\x1b'}`.html, 'made safe: \\x1b', 'not made safe again');
});

test('no text leaves a piece of its own', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { html } = markup`${text}`;
      return /^(?:[\x20-\x21\x23-\x25\x28-\x3b\x3d\x3f-\x7e]|&(?:amp|lt|gt|quot|#39);)*$/.test(html);
    }),
  );
});
