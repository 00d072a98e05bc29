import { test } from 'tap';
import { durationWords } from '../../../src/core/text/duration.ts';

test('the two largest units that say something', async (t) => {
  for (const [ms, words] of [
    [0, '0 s'],
    [999, '0 s'],
    [20_400, '20 s'],
    [60_000, '1 min'],
    [90_000, '1 min 30 s'],
    [14_220_000, '3 h 57 min'],
    [86_400_000, '1 d'],
    [200_000_000, '2 d 7 h'],
  ] as const)
    t.equal(durationWords(ms), words);
});
