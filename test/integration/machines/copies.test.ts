import fc from 'fast-check';
import { test } from 'tap';
import {
  afterEvent,
  type Copies,
  diverged,
  hasEnough,
  newCopies,
  opened,
  withRoles,
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
  const raid6 = machine(5, array('md0', 'raid6', 'disk1', 'disk2', 'disk3', 'disk4'));
  const first: LifeEvent = { ...failed, member: 'disk1' };
  t.equal(
    lived(raid6, first, { ...replaced, by: 'disk5' })?.members['md0']?.['disk5']?.role,
    0,
    'the first free slot',
  );
  const second: LifeEvent = { ...failed, member: 'disk3' };
  const given: LifeEvent = { ...returned, member: 'disk3' };
  const unmapped = machine(4, {
    ...array('md0', 'raid6', 'disk1', 'disk2', 'disk3', 'disk4'),
    bitmap: false,
  });
  t.equal(lived(raid6, first, second, given)?.members['md0']?.['disk3']?.role, 2, 'its own, by the bitmap');
  t.equal(lived(unmapped, first, second, given)?.members['md0']?.['disk3']?.role, 0);
  t.equal(lived(mirror, returned), null, 'who is in the array cannot be given back');
});

test('a rebuild that was broken off may go on in another slot', async (t) => {
  const at = {
    md0: {
      members: [
        { device: 'disk1', inSync: true, role: 1 },
        { device: 'disk2', inSync: false },
      ],
    },
  };
  const own = withRoles(newCopies(mirror), at).members['md0'];
  t.same([own?.['disk1']?.role, own?.['disk2']?.role], [1, 1], 'md has none for the second');
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

test('what grows has one more member: a half of a mirror when it is rebuilt, a reshaped one at once', async (t) => {
  const grown = (cut: boolean): LifeEvent => ({ kind: 'grown', array: 'md0', by: 'disk4', cut });
  const two = machine(4, array('md0', 'raid1', 'disk1', 'disk2'));
  const three = machine(4, array('md0', 'raid5', 'disk1', 'disk2', 'disk3'));
  for (const [plan, width] of [
    [two, 3],
    [three, 4],
  ] as const) {
    const done = lived(plan, grown(false));
    t.equal(done?.width['md0'], width);
    t.same(done?.members['md0']?.['disk4'], { role: width - 1, log: [0, 1], whole: true });
    t.same(
      done?.inImage['md0'],
      plan.layers.flatMap((layer) => (layer.kind === 'md' ? layer.members : [])),
    );
  }
  const cut = lived(two, grown(true));
  t.notOk(cut?.members['md0']?.['disk4']?.whole);
  t.ok(cut !== null && opened(two, cut, ['disk1', 'disk4']).root, 'its old members have it all');
  t.notOk(cut !== null && opened(two, cut, ['disk4']).root);
  const reshaped = lived(three, grown(true));
  t.ok(reshaped?.members['md0']?.['disk4']?.whole);
  t.notOk(
    reshaped !== null && opened(three, reshaped, ['disk1', 'disk2', 'disk3']).root,
    'three of four, and dirty',
  );
  t.equal(lived(machine(2, array('md0', 'raid10', 'disk1', 'disk2')), grown(false)), null);
});

test('a key on an array is needed, and never written', async (t) => {
  const plan: MachinePlan = {
    ...machine(4, array('md6', 'raid1', 'disk3', 'disk4'), array('md0', 'raid1', 'disk1', 'disk2')),
    root: 'mapper/crypt0',
  };
  const keyed: MachinePlan = {
    ...plan,
    layers: [...plan.layers, { kind: 'luks', name: 'crypt0', on: 'md0', key: 'md6' }],
  };
  t.notOk(opened(keyed, newCopies(keyed), ['disk1', 'disk2']).root);
  t.ok(opened(keyed, newCopies(keyed), ['disk1', 'disk4']).root);
  const all = ran('disk1', 'disk2', 'disk3', 'disk4');
  t.same(logs(lived(keyed, all), 'md6'), { disk3: '0', disk4: '0' });
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
