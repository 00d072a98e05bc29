import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { dateMs } from '../../../../src/app/read/wall-clock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

test('the date from the kernel, 0 where it does not say it', async (t) => {
  const at = (stat: string | null, uptime: string | null) => {
    const texts = {
      ...(stat === null ? {} : { '/proc/stat': stat }),
      ...(uptime === null ? {} : { '/proc/uptime': uptime }),
    };
    return dateMs({ files: new MemoryFiles(texts), paths: REAL_PATHS });
  };
  const stat = 'cpu 1 2 3\nbtime 1700000000\nprocesses 1\n';
  t.equal(await at(stat, '12.34 56.78\n'), 1_700_000_012_340);
  t.equal(await at(stat, '12 56\n'), 1_700_000_012_000);
  t.equal(await at('cpu 1\n', '12.34 56\n'), 0);
  t.equal(await at(stat, ''), 0);
  t.equal(await at(null, null), 0);
});
