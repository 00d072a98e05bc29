// RAID1 of two RAID1: one half missing or diverged, below and above.
import { array, machine, ran, type SafetyCase } from './safety-case.ts';

const layers = machine('abcd', array('md1', 1, 'ab'), array('md2', 1, 'cd'), array('md0', 1, ['md1', 'md2']));
const asked = /"asked"/;

export const layered: readonly SafetyCase[] = [
  {
    name: 'layers-one-missing-below',
    alike: true,
    proves: 'S2 layers',
    title: 'md on md: one disk missing: both layers come up, the upper one whole',
    on: ['bookworm', 'forky'],
    machine: layers,
    before: [],
    powerOn: { disks: 'bcd' },
    expect: { root: 'base', untouched: 'a', degraded: { md1: 1, md2: 0, md0: 0 } },
  },
  {
    name: 'layers-half-missing',
    proves: 'S2 layers',
    title: 'md on md: a whole lower array missing: the upper one is started degraded after its own wait',
    on: ['trixie'],
    machine: layers,
    before: [],
    powerOn: { disks: 'cd' },
    expect: { root: 'base', untouched: 'ab', degraded: { md2: 0, md0: 1 } },
  },
  {
    name: 'layers-split-above',
    proves: 'S5 layers',
    title: 'md on md: the two lower arrays ran alone: the upper one is asked about',
    on: ['bookworm', 'trixie'],
    machine: layers,
    before: [ran('cd', 'Y'), ran('ab', 'X'), ran('ab', 'X')],
    powerOn: { disks: 'acbd' },
    expect: { root: null, untouched: 'abcd', says: [asked] },
  },
  {
    name: 'layers-split-above-answer-1',
    alike: true,
    proves: 'S5 layers',
    title:
      'md on md: an administrator chooses copy 1 of the upper array: the lower array of the other is as it was',
    on: ['forky'],
    machine: layers,
    before: [ran('cd', 'Y'), ran('ab', 'X'), ran('ab', 'X')],
    powerOn: { disks: 'acbd', meanwhile: 'answer 1', patienceSpentS: 12 },
    expect: { root: 'X', untouched: 'cd', degraded: { md0: 1 } },
  },
  {
    name: 'layers-split-below',
    proves: 'S5 layers',
    title: 'md on md: the halves of a lower array ran alone: that one is not started, nothing written to it',
    on: ['bookworm'],
    machine: layers,
    before: [ran('b', 'Y'), ran('a', 'X'), ran('a', 'X')],
    powerOn: { disks: 'ab' },
    expect: { root: null, untouched: 'abcd', says: [asked] },
  },
];
