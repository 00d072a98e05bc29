import fc from 'fast-check';
import { test } from 'tap';
import { generateMachine, namesOfRoot } from '../../boot/machines/generate.ts';
import { arraysOf, describe, deviceOf, diskOf, standsOn } from '../../boot/machines/machine-plan.ts';
import { canBeLived } from '../../boot/machines/shrink.ts';

const seeds = fc.integer({ min: 0, max: 1_000_000 });

test('a seed is a machine, always the same', async (t) => {
  const once = [1, 2, 3, 4, 5].map(generateMachine);
  t.same([1, 2, 3, 4, 5].map(generateMachine), once);
  const different = new Set(Array.from({ length: 100 }, (_, seed) => describe(generateMachine(seed))));
  t.ok(different.size > 90, `${different.size} different machines of 100 seeds`);
});

test('every machine can be made and lived through', async () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const plan = generateMachine(seed);
      const known = new Set<string>(
        plan.disks.flatMap(({ name, partitions }) =>
          partitions.length === 0 ? [name] : partitions.map((_, index) => `${name}p${index + 1}`),
        ),
      );
      const used = new Set<string>();
      for (const layer of [
        ...plan.layers,
        ...plan.others,
        ...(plan.foreign === null ? [] : [plan.foreign]),
      ]) {
        for (const device of standsOn(layer)) {
          if (!known.has(device) || used.has(device)) return false;
          used.add(device);
        }
        known.add(deviceOf(layer));
      }
      // a disk is a letter of the kernel's, and /usr has the last one
      return known.has(plan.root) && plan.disks.length <= 14 && canBeLived(plan);
    }),
  );
});

test('a life ends in a boot, and disks of no array are never said to be missing', async () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const plan = generateMachine(seed);
      const boots = plan.life.filter((event) => event.kind === 'boot');
      const names = plan.disks.map(({ name }) => name);
      return (
        boots.length >= 1 &&
        boots.every(({ absent, late, gone }) =>
          [...absent, ...late.map(({ disk }) => disk), ...gone.map(({ disk }) => disk)].every((name) =>
            names.includes(name),
          ),
        ) &&
        boots.every(({ absent, late }) => late.every(({ disk }) => !absent.includes(disk)))
      );
    }),
  );
});

test('among a few hundred seeds is everything that a machine can be', async (t) => {
  const plans = Array.from({ length: 600 }, (_, seed) => generateMachine(seed));
  const layers = plans.flatMap((plan) => plan.layers);
  const arrays = plans.flatMap(arraysOf);
  for (const level of ['raid0', 'raid1', 'raid4', 'raid5', 'raid6', 'raid10'])
    t.ok(
      arrays.some((array) => array.level === level),
      level,
    );
  for (const metadata of ['0.90', '1.0', '1.1', '1.2'])
    t.ok(
      arrays.some((array) => array.metadata === metadata),
      metadata,
    );
  for (const kind of ['luks', 'lvm'])
    t.ok(
      layers.some((layer) => layer.kind === kind),
      kind,
    );
  for (const thin of [true, false]) t.ok(layers.some((layer) => layer.kind === 'lvm' && layer.thin === thin));
  for (const kind of ['ran', 'failed', 'replaced', 'returned', 'boot'])
    t.ok(
      plans.some(({ life }) => life.some((event) => event.kind === kind)),
      kind,
    );
  t.ok(
    plans.some(({ others }) => others.length > 0),
    'an array that root does not need',
  );
  t.ok(
    plans.some(({ foreign }) => foreign !== null),
    'a foreign array',
  );
  t.ok(
    plans.some(({ disks }) => disks.every(({ partitions }) => partitions.length === 0)),
    'whole disks',
  );
  for (const what of ['late', 'gone', 'absent'] as const)
    t.ok(
      plans.some(({ life }) => life.some((event) => event.kind === 'boot' && event[what].length > 0)),
      what,
    );
  t.ok(
    plans.some(({ life }) => life.some((event) => event.kind === 'replaced' && event.cut)),
    'a broken rebuild',
  );
  for (const cut of [true, false])
    for (const level of ['raid1', 'raid5'])
      t.ok(
        plans.some((plan) =>
          plan.life.some(
            (event) =>
              event.kind === 'grown' &&
              event.cut === cut &&
              arraysOf(plan).some(({ name, level: its }) => name === event.array && its === level),
          ),
        ),
        `${level} grown${cut ? ', and the power failed' : ''}`,
      );
  t.ok(
    plans.some(({ life }) => life.some((event) => event.kind === 'ran' && event.image === true)),
    'an image made of a degraded machine',
  );
  t.ok(
    plans.some(({ names }) => names?.words === true && !names.shortLinks),
    'names of letters',
  );
  t.ok(
    plans.some(({ names }) => names?.shortLinks === true),
    'short links',
  );
  t.ok(
    layers.some((layer) => layer.kind === 'lvm' && layer.later !== undefined),
    'a group that has grown since the image was made',
  );
  t.ok(
    layers.some((layer) => layer.kind === 'luks' && layer.key !== undefined),
    'a key on an array',
  );
  t.ok(plans.some((plan) => namesOfRoot(plan).every((name) => diskOf(name) === name)));
});
