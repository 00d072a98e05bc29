import { test } from 'tap';
import { opensInInitramfs, parseCrypttab } from '../../../src/core/parse/crypttab.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('crypttab', async (t) => {
  const { entries, faults } = parseCrypttab(
    '# c\nroot UUID=a none luks,initramfs\ndata /dev/b /key\nx\n',
    'crypttab',
  );
  t.match(entries, [
    { target: 'root', source: 'UUID=a', keyFile: 'none', line: 2 },
    { target: 'data', source: '/dev/b', keyFile: '/key' },
  ]);
  t.same(entries.map(opensInInitramfs), [true, false]);
  t.match(faults, [{ at: 'crypttab:4' }]);
});

test('no text makes it throw', async () => survivesAnyText(parseCrypttab));
