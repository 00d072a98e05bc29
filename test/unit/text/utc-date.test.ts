import fc from 'fast-check';
import { test } from 'tap';
import { utcDate } from '../../../src/core/text/utc-date.ts';
import { T0 } from '../../support/present-members.ts';

test('dates', async (t) => {
  for (const at of [0, T0, 951_782_400_000, 1_709_164_800_000, 4_102_444_799_000, -86_400_000]) {
    t.equal(utcDate(at), `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 42 }), (at) =>
      utcDate(at).startsWith(new Date(at).toISOString().slice(0, 10)),
    ),
  );
});
