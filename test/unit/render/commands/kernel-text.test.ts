import { test } from 'tap';
import type { ArrayFeature } from '../../../../src/core/inspect/kernel.ts';
import { kernelText } from '../../../../src/core/render/commands/kernel-text.ts';
import { watched } from '../../../support/present-members.ts';

const told = (
  code: 'too-old' | 'no-version',
  isDefault: boolean,
  feature: ArrayFeature = 'logical-block-size',
) =>
  kernelText({
    ...{ stage: 'kernel', grade: 'stop', code, isDefault, array: watched(), kernel: '6.1' },
    ...{ feature, needs: '6.19' },
  });

test('which kernel refuses which array', async (t) => {
  t.match(told('too-old', true), { text: /^kernel 6\.1 cannot start array .*6\.19$/, remedy: /6\.19/ });
  t.match(told('too-old', false), { text: /^only when it is chosen/, remedy: null });
  t.match(told('too-old', true, 'llbitmap').text, /has a lockless bitmap \(llbitmap\)/);
  t.match(told('no-version', true).text, /nobody can tell/);
});
