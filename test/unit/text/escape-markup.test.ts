import { test } from 'tap';
import { escapeMarkup } from '../../../src/core/text/escape-markup.ts';

test('what ends a text or an attribute is written as an entity; nothing else changes', async (t) => {
  t.equal(
    escapeMarkup(`<a href="x" title='y'>&amp;`),
    '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;',
  );
  t.equal(escapeMarkup('plain \\x1b text'), 'plain \\x1b text');
});
