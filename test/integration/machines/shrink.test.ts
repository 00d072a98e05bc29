import fc from 'fast-check';
import { test } from 'tap';
import { generateMachine } from '../../boot/machines/generate.ts';
import { describe, type MachinePlan } from '../../boot/machines/machine-plan.ts';
import { canBeLived, shrink, smallerThan } from '../../boot/machines/shrink.ts';

const size = ({ disks, layers, others, foreign, life }: MachinePlan): number =>
  disks.length +
  10 * (layers.length + others.length + (foreign === null ? 0 : 1) + life.length) +
  layers.filter((layer) => layer.kind === 'md' && layer.metadata !== '1.2').length +
  life.reduce(
    (sum, event) =>
      sum + (event.kind === 'boot' ? event.absent.length + event.late.length + event.gone.length : 0),
    0,
  );

test('what is tried is smaller, and can be lived', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const plan = generateMachine(seed);
      return smallerThan(plan).every((smaller) => size(smaller) < size(plan) && canBeLived(smaller));
    }),
  );
});

test('the smallest that still fails is found', async (t) => {
  const plan = Array.from({ length: 400 }, (_, seed) => generateMachine(seed)).find(
    ({ layers, life }) => layers.some(({ kind }) => kind === 'luks') && layers.length > 2 && life.length > 3,
  );
  if (plan === undefined) return t.fail('no such machine');
  const fails = async ({ life }: MachinePlan) => life.some((event) => event.kind === 'boot');
  const smallest = await shrink(plan, fails);
  t.ok(size(smallest) < size(plan), `${describe(plan)} -> ${describe(smallest)}`);
  t.equal(await shrink(plan, async () => false), plan, 'nothing smaller fails');
});
