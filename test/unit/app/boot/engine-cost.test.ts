import { test } from 'tap';
import { readEngineCost } from '../../../../src/app/boot/engine-cost.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const cost = (texts: Readonly<Record<string, string>>) =>
  readEngineCost({ files: new MemoryFiles(texts), paths: REAL_PATHS }, 7);

test('what the kernel says of this process', async (t) => {
  const after = Array.from({ length: 30 }, (_, n) => (n === 19 ? '1234' : `${n}`)).join(' ');
  t.same(
    await cost({
      '/proc/self/status': 'Name:\tx\nVmHWM:\t    5120 kB\nVmRSS:\t 9 kB\n',
      '/proc/self/stat': `42 (a) b (c) ${after}\n`,
    }),
    { processStartedAtMs: 12_340, firstDecisionAtMs: 7, peakMemoryKiB: 5120 },
    'brackets and blanks in the name do not matter',
  );
  t.same(await cost({}), { processStartedAtMs: null, firstDecisionAtMs: 7, peakMemoryKiB: null });
});
