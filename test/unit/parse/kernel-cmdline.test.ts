import { test } from 'tap';
import { lastValue, parseKernelCmdline } from '../../../src/core/parse/kernel-cmdline.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('kernel command line', async (t) => {
  const parameters = parseKernelCmdline('root=UUID=a quiet  x="a b" root=LABEL="my root" resume=\n');
  t.equal(lastValue(parameters, 'root'), 'LABEL=my root');
  t.equal(lastValue(parameters, 'x'), 'a b');
  t.equal(lastValue(parameters, 'quiet'), null);
  t.equal(lastValue(parameters, 'resume'), '');
  t.equal(lastValue(parseKernelCmdline('a="unclosed b'), 'a'), 'unclosed b');
});

test('no text makes it throw', async () => survivesAnyText(parseKernelCmdline));
