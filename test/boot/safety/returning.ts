// Members that come back to a running array, on the installed system: the gate, and `reliable-raid readd`.
import { array, machine, ran, type SafetyCase } from './safety-case.ts';

const mirror = machine('ab', array('md0', 1, 'ab'));
const withoutBitmap = machine('ab', array('md0', 1, 'ab', { options: '--bitmap=none' }));
const raid10 = machine('abcd', array('md0', 10, 'abcd'));
const raid5 = machine('abc', array('md0', 5, 'abc'));
const readd = (disk: string) => `into_the_system; plug ${disk}; reliable-raid readd; sleep 1`;
/** Lines are wrapped where they end. */
const said = (words: string) => new RegExp(words.replaceAll(' ', '\\s+'));
const takenIn = [said('is a member of /dev/md0 again')];
const refused = (why: string) => [
  said('was not re-added to /dev/md0:'),
  said(why),
  said('OVERWRITES EVERYTHING ON IT; to do so:'),
];

export const returning: readonly SafetyCase[] = [
  {
    name: 'return-mirror',
    proves: 'S8',
    title: 'the half that was away comes back while the system runs: taken in, what it missed is copied',
    on: ['bookworm', 'trixie', 'forky'],
    machine: mirror,
    before: [ran('a', 'X')],
    powerOn: { disks: 'a', pluggable: 'b', after: readd('b') },
    expect: { root: 'X', degraded: { md0: 0 }, compared: true, says: takenIn },
  },
  {
    name: 'return-mirror-diverged',
    proves: 'S8 F1',
    title: 'the half that ran alone comes back while the system runs: refused, not a byte written',
    on: ['bookworm', 'trixie', 'forky'],
    machine: mirror,
    before: [ran('b', 'Y'), ran('a', 'X')],
    powerOn: { disks: 'a', pluggable: 'b', after: readd('b') },
    expect: { root: 'X', untouched: 'b', degraded: { md0: 1 }, says: refused('it was used without role 0') },
  },
  {
    name: 'return-mirror-newer',
    alike: true,
    proves: 'S8 F1',
    title: 'the same, where the returning half is the newer one',
    on: ['forky'],
    machine: mirror,
    before: [ran('a', 'X'), ran('b', 'Y'), ran('b', 'Y')],
    powerOn: { disks: 'a', pluggable: 'b', after: readd('b') },
    expect: { root: 'X', untouched: 'b', degraded: { md0: 1 }, says: refused('it was used without role 0') },
  },
  {
    name: 'return-mirror-no-bitmap',
    proves: 'S8 F3',
    title: 'without a bitmap nothing can be taken in that missed something: refused, not a byte written',
    on: ['trixie'],
    machine: withoutBitmap,
    before: [ran('a', 'X')],
    powerOn: { disks: 'a', pluggable: 'b', after: readd('b') },
    expect: {
      root: 'X',
      untouched: 'b',
      degraded: { md0: 1 },
      says: [said('could not be re-added to /dev/md0:'), said('The array has no bitmap')],
    },
  },
  {
    name: 'return-raid5',
    proves: 'S8',
    title: 'RAID5: the member that was away comes back while the system runs: taken in',
    on: ['bookworm', 'forky'],
    machine: raid5,
    before: [ran('ac', 'X')],
    powerOn: { disks: 'ac', pluggable: 'b', after: readd('b') },
    expect: { root: 'X', degraded: { md0: 0 }, compared: true, says: takenIn },
  },
  {
    name: 'return-raid10-diverged',
    alike: true,
    proves: 'S8',
    title: 'RAID10: a member of the other copy comes back while the system runs: refused',
    on: ['trixie'],
    machine: raid10,
    before: [ran('bd', 'Y'), ran('ac', 'X')],
    powerOn: { disks: 'ac', pluggable: 'b', after: readd('b') },
    expect: { root: 'X', untouched: 'bd', degraded: { md0: 2 }, says: refused('it was used without role 0') },
  },
];
