import { test } from 'tap';
import { byNewest, kernelRelease } from '../../../src/core/inspect/installed-kernel.ts';

test('the release in a version', async (t) => {
  t.same(kernelRelease('6.19.2+deb14-amd64'), [6, 19]);
  t.same(kernelRelease('custom'), null);
});

test('newest first, by number', async (t) => {
  t.same(['6.9.1', '6.12.1-9', '6.12.1-10'].sort(byNewest), ['6.12.1-10', '6.12.1-9', '6.9.1']);
});
