import { array, machine, ran, type SafetyCase } from './safety-case.ts';

const mirror = machine('ab', array('md0', 1, 'ab'));
const split = [ran('a', 'X'), ran('b', 'Y')];

export const safetyCases: readonly SafetyCase[] = [
  {
    name: 'mirror-whole',
    proves: 'S2',
    title: 'a whole mirror comes up at once',
    on: ['bookworm', 'trixie', 'forky'],
    machine: mirror,
    before: [],
    powerOn: { disks: 'ab' },
    expect: { root: 'base', degraded: { md0: 0 }, wentOnAfterS: [0, 3], compared: true },
  },
  {
    name: 'stock-mirror-split',
    proves: 'control',
    title: 'stock merges two halves that each ran alone',
    on: ['bookworm', 'forky'],
    machine: mirror,
    before: split,
    powerOn: { disks: 'ab', stock: true },
    expect: { root: null, untouched: 'ab', damage: ['mixture', 'mismatches', 'wrong disk written'] },
  },
];
