import { test } from 'tap';
import { arrayShape } from '../../../src/core/topology/array-facts.ts';
import { factsOf, uuidOf } from '../../support/array-facts.ts';

test('an array in a container', async (t) => {
  const volume = factsOf('md126', 1);
  const container = { ...factsOf('md127', 2).detail, level: 'container', metadata: 'imsm' };
  t.match(arrayShape({ ...volume, container }), { level: 1, metadata: 'imsm', container: uuidOf(2) });
  t.match(arrayShape({ ...volume, detail: { ...volume.detail, metadata: 'odd' } }), /"odd" is not known/);
});
