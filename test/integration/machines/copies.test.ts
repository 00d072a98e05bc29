import fc from 'fast-check';
import { test } from 'tap';
import {
  afterEvent,
  type Copies,
  diverged,
  hasEnough,
  newCopies,
  opened,
  written,
} from '../../boot/machines/copies.ts';
import { generateMachine } from '../../boot/machines/generate.ts';
import type { Level, LifeEvent, MachinePlan, MdArray } from '../../boot/machines/machine-plan.ts';
import { array, plainMachine } from '../../boot/machines/plain-machine.ts';

const machine = (disks: number, ...layers: MdArray[]) => plainMachine(disks, layers);

const ran = (...company: string[]): LifeEvent => ({ kind: 'ran', company, cut: false });

function lived(plan: MachinePlan, ...events: LifeEvent[]): Copies | null {
  return events.reduce<Copies | null>(
    (copies, event) => (copies === null ? null : afterEvent(plan, copies, event)),
    newCopies(plan),
  );
}

const logs = (copies: Copies | null, name: string) =>
  Object.fromEntries(
    Object.entries(copies?.members[name] ?? {}).map(([device, { log }]) => [device, log.join(' ')]),
  );

const mirror = machine(3, array('md0', 'raid1', 'disk1', 'disk2'));

test('what ran has the run, what did not has not', async (t) => {
  t.same(logs(lived(mirror, ran('disk1', 'disk2')), 'md0'), { disk1: '0 1', disk2: '0 1' });
  t.same(logs(lived(mirror, ran('disk1')), 'md0'), { disk1: '0 1', disk2: '0' });
});

test('halves that each ran alone have diverged, a stale one has not', async (t) => {
  const split = lived(mirror, ran('disk1'), ran('disk2'));
  t.same(logs(split, 'md0'), { disk1: '0 1', disk2: '0 2' });
  t.ok(diverged([0, 1], [0, 2]));
  t.notOk(diverged([0], [0, 2]));
  if (split === null) return t.fail('it can happen');
  t.ok(opened(mirror, split, ['disk1', 'disk2']).ambiguous, 'nobody opens both by hand');
  t.notOk(opened(mirror, split, ['disk1']).ambiguous);
});

test('a member that failed, was replaced, or given back', async (t) => {
  const failed: LifeEvent = { kind: 'failed', array: 'md0', member: 'disk2', removed: true };
  const replaced = { kind: 'replaced', array: 'md0', member: 'disk2', by: 'disk3', cut: false } as const;
  const returned: LifeEvent = { kind: 'returned', array: 'md0', member: 'disk2' };
  t.same(logs(lived(mirror, failed), 'md0'), { disk1: '0 1', disk2: '0' });
  t.same(logs(lived(mirror, failed, returned), 'md0'), { disk1: '0 1 2', disk2: '0 1 2' });
  t.same(logs(lived(mirror, replaced), 'md0'), { disk1: '0 1', disk2: '0', disk3: '0 1' });
  const cut = lived(mirror, { ...replaced, cut: true });
  t.equal(cut?.members['md0']?.['disk3']?.whole, false, 'a rebuild that was broken off is no copy');
  t.equal(lived(mirror, returned), null, 'who is in the array cannot be given back');
});

test('a run needs enough members, and only what root stands on gets it', async (t) => {
  const layers = machine(
    4,
    array('md0', 'raid1', 'disk1', 'disk2'),
    array('md1', 'raid1', 'disk3', 'disk4'),
    array('md2', 'raid1', 'md0', 'md1'),
  );
  const half = lived(layers, ran('disk1', 'disk2'));
  t.same(
    [logs(half, 'md0'), logs(half, 'md1')],
    [
      { disk1: '0 1', disk2: '0 1' },
      { disk3: '0', disk4: '0' },
    ],
  );
  t.same(logs(half, 'md2'), { md0: '0 1', md1: '0' });
  const cases: [Level, number, number[], boolean, boolean][] = [
    ['raid0', 2, [0], true, false],
    ['raid1', 3, [2], true, true],
    ['raid5', 3, [0, 2], true, true],
    ['raid5', 3, [0, 2], false, false],
    ['raid6', 4, [0, 2], true, true],
    ['raid10', 4, [0, 2], true, true],
    ['raid10', 4, [0, 1], true, false],
  ];
  for (const [level, width, roles, clean, wanted] of cases) {
    const members = Array.from({ length: width }, (_, index) => `disk${index + 1}`);
    t.equal(hasEnough(array('md0', level, ...members), new Set(roles), clean), wanted, `${level} ${roles}`);
  }
});

test('whatever happens, those that ran last agree', async () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100_000 }), (seed) => {
      const plan = generateMachine(seed);
      let copies = newCopies(plan);
      for (const event of plan.life) {
        if (event.kind !== 'ran') continue;
        const after = afterEvent(plan, copies, event);
        if (after === null) return true;
        for (const [name, devices] of written(plan, opened(plan, copies, event.company).arrays))
          if (devices.some((device) => after.members[name]?.[device]?.log.at(-1) !== copies.next))
            return false;
        copies = after;
      }
      return true;
    }),
  );
});
