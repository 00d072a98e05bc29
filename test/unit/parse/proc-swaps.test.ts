import { test } from 'tap';
import { parseProcSwaps } from '../../../src/core/parse/proc-swaps.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('swaps in use', async (t) => {
  t.same(parseProcSwaps('Filename\tType\tSize\n/dev/dm-2   partition 123 0 -2\n/a\\040b file 5 0 -3\nx\n'), [
    { path: '/dev/dm-2', type: 'partition', sizeKib: 123 },
    { path: '/a b', type: 'file', sizeKib: 5 },
  ]);
});

test('no text makes it throw', async () => survivesAnyText(parseProcSwaps));
