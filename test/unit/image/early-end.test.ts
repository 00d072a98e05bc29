import t from 'tap';
import { lastWaitEndMs, warningsOfEarlyEnds } from '../../../src/core/image/early-end.ts';
import { watched } from '../../support/present-members.ts';

const layered = (...waits: readonly (readonly [layer: number, waitMs: number])[]) =>
  waits.map(([layer, waitMs]) => watched([], { layer, waitMs }));

t.test('the waits of the layers come one after the other, those of a layer together', async (t) => {
  const arrays = layered([0, 20_000], [0, 30_000], [1, 5_000]);
  t.equal(lastWaitEndMs(arrays, null), 35_000);
  t.equal(lastWaitEndMs(arrays, 7_000), 14_000);
  t.equal(lastWaitEndMs([], null), 0);
});

t.test('only what ends sooner is spoken of, safe for a console', async (t) => {
  const arrays = layered([0, 20_000]);
  const said = warningsOfEarlyEnds(
    [20_000, 20_001].map((afterMs) => ({ what: `x\x1b=${afterMs}`, afterMs })),
    { arrays },
    null,
  );
  t.equal(said.length, 1);
  t.match(said[0], /^x\\x1b=20000 ends the boot after 20 s, .* until 20 s: /);
});
