import { test } from 'tap';
import { freeBytes } from '../../../src/core/parse/df-portable.ts';

const HEAD = 'Filesystem     1024-blocks  Used Available Capacity Mounted on\n';

test('what is free, of df in its portable form', async (t) => {
  t.equal(freeBytes(`${HEAD}/dev/md0            481642 91234    365472      20% /boot\n`), 365_472 * 1024);
  t.equal(freeBytes(`${HEAD}a name 12      481642 91234    0     100% /boot\n`), 0);
  t.equal(freeBytes(`${HEAD}none   0 0 0 - /boot\n`), 0);
  for (const text of ['', HEAD, `${HEAD}df: no`, `${HEAD}x -1 2 3 4% /`])
    t.equal(freeBytes(text), null, text);
});
