// Smaller machines that fail alike: fewer events, fewer disks, fewer layers; one step at a time as long as it still fails.
import { afterEvent, newCopies } from './copies.ts';
import {
  arraysOf,
  type Device,
  diskOf,
  type Layer,
  type LifeEvent,
  type MachinePlan,
  standsOn,
} from './machine-plan.ts';

/** At most so many machines are tried. */
const MOST_TRIES = 12;

export async function shrink(
  plan: MachinePlan,
  fails: (smaller: MachinePlan) => Promise<boolean>,
): Promise<MachinePlan> {
  let smallest = plan;
  let tries = 0;
  for (let found = true; found; ) {
    found = false;
    for (const candidate of smallerThan(smallest)) {
      if (tries >= MOST_TRIES) return smallest;
      tries += 1;
      if (!(await fails(candidate))) continue;
      smallest = candidate;
      found = true;
      break;
    }
  }
  return smallest;
}

/** Each lacks one thing, the largest things first; all of them can be lived. */
export function smallerThan(plan: MachinePlan): readonly MachinePlan[] {
  return [
    ...fewerLayers(plan),
    ...fewerOthers(plan),
    ...fewerEvents(plan),
    ...calmerBoots(plan),
    ...plainer(plan),
  ]
    .map(withoutIdleDisks)
    .filter(canBeLived);
}

function fewerEvents(plan: MachinePlan): MachinePlan[] {
  return plan.life
    .slice(0, -1)
    .map((_, index) => ({ ...plan, life: plan.life.filter((_event, place) => place !== index) }));
}

function fewerOthers(plan: MachinePlan): MachinePlan[] {
  return [
    ...(plan.others.length > 0 ? [{ ...plan, others: [] }] : []),
    ...(plan.foreign === null ? [] : [{ ...plan, foreign: null }]),
  ];
}

/** Without the topmost layer, or with a lower array in the place of the upper one. */
function fewerLayers(plan: MachinePlan): MachinePlan[] {
  const top = plan.layers.at(-1);
  if (top === undefined || plan.layers.length < 2) return [];
  return standsOn(top)
    .filter((device) => diskOf(device) === null)
    .map((root) => ({ ...plan, layers: below(plan.layers, root), root }));
}

function below(layers: readonly Layer[], root: Device): readonly Layer[] {
  const wanted = new Set([root]);
  for (const layer of [...layers].reverse())
    if (wanted.has(nameOf(layer))) {
      for (const device of standsOn(layer)) wanted.add(device);
      if (layer.kind === 'luks' && layer.key !== undefined) wanted.add(layer.key);
    }
  return layers.filter((layer) => wanted.has(nameOf(layer)));
}

const nameOf = (layer: Layer): Device =>
  layer.kind === 'md'
    ? layer.name
    : layer.kind === 'luks'
      ? `mapper/${layer.name}`
      : `mapper/${layer.name}-root`;

function calmerBoots(plan: MachinePlan): MachinePlan[] {
  return plan.life.flatMap((event, place) => {
    if (event.kind !== 'boot') return [];
    const with_ = (other: LifeEvent): MachinePlan => ({
      ...plan,
      life: plan.life.map((each, index) => (index === place ? other : each)),
    });
    return [
      ...event.absent.map((disk) =>
        with_({ ...event, absent: event.absent.filter((name) => name !== disk) }),
      ),
      ...event.late.map(({ disk }) =>
        with_({ ...event, late: event.late.filter((each) => each.disk !== disk) }),
      ),
      ...(event.gone.length > 0 ? [with_({ ...event, gone: [] })] : []),
    ];
  });
}

/** Metadata 1.2, and whole disks. */
function plainer(plan: MachinePlan): MachinePlan[] {
  const changed = plan.layers.some((layer) => layer.kind === 'md' && layer.metadata !== '1.2');
  return changed
    ? [
        {
          ...plan,
          layers: plan.layers.map((layer) => (layer.kind === 'md' ? { ...layer, metadata: '1.2' } : layer)),
        },
      ]
    : [];
}

/** Disks keep their places: a machine names them by these. */
function withoutIdleDisks(plan: MachinePlan): MachinePlan {
  const arrays = [...arraysOf(plan), ...plan.others, ...(plan.foreign === null ? [] : [plan.foreign])];
  const used = new Set(arrays.flatMap(({ members }) => members.map((device) => diskOf(device))));
  for (const event of plan.life) if (event.kind === 'replaced') used.add(event.by);
  const last = plan.disks.findLastIndex(({ name }) => used.has(name));
  const disks = plan.disks.slice(0, last + 1);
  const here = (name: string) => disks.some((disk) => disk.name === name) && used.has(name);
  return {
    ...plan,
    disks,
    life: plan.life.map((event): LifeEvent => {
      if (event.kind === 'ran') return { ...event, company: event.company.filter(here) };
      if (event.kind !== 'boot') return event;
      return {
        ...event,
        absent: event.absent.filter(here),
        late: event.late.filter(({ disk }) => here(disk)),
        gone: event.gone.filter(({ disk }) => here(disk)),
      };
    }),
  };
}

export function canBeLived(plan: MachinePlan): boolean {
  let copies = newCopies(plan);
  for (const event of plan.life) {
    if (event.kind === 'boot') continue;
    const after = afterEvent(plan, copies, event);
    if (after === null) return false;
    copies = after;
  }
  return plan.life.at(-1)?.kind === 'boot';
}
