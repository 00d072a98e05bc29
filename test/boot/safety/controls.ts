// The distribution as it comes, on the same machines: the damage that the other cases prevent, so that it is known to be seen.
import { foreignArray } from './others.ts';
import { array, cutWhileWriting, machine, ran, type SafetyCase } from './safety-case.ts';

const mirror = machine('ab', array('md0', 1, 'ab'));
const raid10 = machine('abcd', array('md0', 10, 'abcd'));
const split = [ran('b', 'Y'), ran('a', 'X'), ran('a', 'X')];

export const controls: readonly SafetyCase[] = [
  {
    name: 'stock-mirror-split',
    proves: 'control',
    title: 'stock: two halves that each ran alone are merged into a tree that never existed',
    on: ['bookworm', 'forky'],
    machine: mirror,
    before: split,
    powerOn: { disks: 'ab', stock: true, attempts: 12 },
    expect: { root: null, untouched: 'b', damage: ['mismatches', 'wrong disk written'] },
  },
  {
    name: 'stock-raid10-split',
    alike: true,
    proves: 'control',
    title: 'stock: the same on RAID10',
    on: ['trixie'],
    machine: raid10,
    before: [ran('bd', 'Y'), ran('ac', 'X'), ran('ac', 'X')],
    powerOn: { disks: 'abcd', stock: true, attempts: 12 },
    expect: { root: null, untouched: 'abcd', damage: ['mixture', 'wrong disk written'] },
  },
  {
    name: 'stock-mirror-re-add-policy',
    alike: true,
    proves: 'control',
    title: 'stock, POLICY action=re-add: the diverged half is plugged in later and silently merged',
    on: ['forky'],
    machine: mirror,
    before: split,
    powerOn: {
      disks: 'a',
      pluggable: 'b',
      stock: true,
      first: 'echo POLICY action=re-add >>/etc/mdadm/mdadm.conf',
      after: 'plug b; sleep 1',
    },
    expect: { root: null, untouched: 'b', damage: ['mismatches', 'wrong disk written'] },
  },
  {
    name: 'stock-mirror-stale-alone',
    proves: 'control',
    title: 'stock: the stale half alone is started and written to, though the machine knew better',
    on: ['trixie'],
    machine: mirror,
    before: [ran('a', 'X')],
    powerOn: { disks: 'b', stock: true },
    expect: { root: 'base', untouched: 'b', damage: ['wrong disk written'] },
  },
  {
    name: 'stock-raid5-dirty-degraded',
    alike: true,
    proves: 'control',
    title: 'stock: a RAID5 that was cut while writing is not started degraded either',
    on: ['bookworm'],
    machine: machine('abc', array('md0', 5, 'abc')),
    before: [cutWhileWriting('abc')],
    powerOn: { disks: 'ab', stock: true, patienceSpentS: 5 },
    expect: { root: null },
  },
  {
    name: 'stock-foreign-array-of-same-name',
    alike: true,
    proves: 'control',
    title: 'stock: half of another array of the same name does not keep root from coming up',
    on: ['trixie'],
    machine: machine('abcd', array('md0', 1, 'ab')),
    before: [foreignArray],
    powerOn: { disks: 'cab', oneByOne: true, stock: true },
    expect: { root: 'base' },
  },
];
