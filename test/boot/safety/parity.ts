// RAID5, 6 and 10: members missing and returning, dirty and degraded, without their journal, in groups that went separate ways.
import {
  afterTheWait,
  array,
  beforeLongWaitEnds,
  cutWhileWriting,
  imageBuilt,
  longWait,
  machine,
  ran,
  type SafetyCase,
  type Step,
} from './safety-case.ts';

const raid5 = machine('abc', array('md0', 5, 'abc'));
const raid5090 = machine('abc', array('md0', 5, 'abc', { metadata: '0.90' }));
const journalled = machine('abcd', array('md0', 5, 'abc', { options: '--write-journal $(node d)' }));
const raid6 = machine('abcd', array('md0', 6, 'abcd'));
const growing = machine('abcd', array('md0', 5, 'abc'));
const raid10 = machine('abcd', array('md0', 10, 'abcd'));

/** It was growing onto disk d, slowly, when it was shut down; and what else was done meanwhile. */
const grown = (meanwhile: string): Step => ({
  kind: 'run',
  shell: `
    open_arrays a,b,c
    echo 1 >/proc/sys/dev/raid/speed_limit_min
    echo 500 >/proc/sys/dev/raid/speed_limit_max
    mdadm --add --quiet /dev/md0 "$(node d)"
    mdadm --grow --quiet /dev/md0 --raid-devices=4 </dev/null
    sleep 4
    cat /proc/mdstat
    [ "$(cat /sys/block/md0/md/reshape_position)" != none ] || exit 1
    ${meanwhile}
    close_arrays`,
});

const asked = /"asked"/;

/** Two groups of disks that each ran without the other; copy 1 is the fresher, X. */
const apart = (fresher: string, other: string) => [ran(other, 'Y'), ran(fresher, 'X'), ran(fresher, 'X')];

export const parity: readonly SafetyCase[] = [
  {
    name: 'raid5-one-missing',
    proves: 'S2 S3',
    title: 'RAID5, clean, one of three missing: started after the wait',
    on: ['bookworm', 'forky'],
    machine: raid5,
    before: [],
    powerOn: { disks: 'ca' },
    expect: { root: 'base', untouched: 'b', degraded: { md0: 1 }, startedDegradedAfterS: afterTheWait },
  },
  {
    name: 'raid5-one-returns',
    proves: 'S6 S8',
    title: 'RAID5: the member that was away is seen first; only what it missed is copied, or it is left out',
    on: ['bookworm', 'trixie', 'forky'],
    machine: raid5,
    before: [ran('ab', 'X')],
    powerOn: { disks: 'cab', oneByOne: true },
    expect: { root: 'X' },
  },
  {
    name: 'raid5-one-returns-0.90',
    proves: 'S6 S8',
    title: 'the same with metadata 0.90',
    on: ['bookworm'],
    machine: raid5090,
    before: [ran('ab', 'X')],
    powerOn: { disks: 'cab' },
    expect: { root: 'X' },
  },
  {
    name: 'raid5-stale-and-one-fresh',
    proves: 'S3 S6',
    title: 'RAID5: one fresh and one stale member are not enough, whatever they add up to',
    on: ['trixie'],
    machine: raid5,
    before: [ran('ab', 'X')],
    powerOn: { disks: 'ca' },
    expect: { root: null, untouched: 'abc' },
  },
  {
    name: 'raid5-dirty-whole',
    proves: 'S4',
    title: 'RAID5, power cut while writing, all there: started, parity made good',
    on: ['trixie'],
    machine: raid5,
    before: [cutWhileWriting('abc')],
    powerOn: { disks: 'abc' },
    expect: { root: 'base', degraded: { md0: 0 }, compared: true },
  },
  {
    name: 'raid5-dirty-degraded',
    proves: 'S4 F8',
    title: 'RAID5, power cut while writing, one missing: asked, nothing written',
    on: ['bookworm', 'trixie', 'forky'],
    machine: raid5,
    before: [cutWhileWriting('abc')],
    powerOn: { disks: 'ab' },
    expect: { root: null, untouched: 'abc', says: [asked] },
  },
  {
    name: 'raid5-dirty-degraded-answered',
    proves: 'S4',
    title: 'the same, and an administrator says so',
    on: ['forky'],
    machine: raid5,
    before: [cutWhileWriting('abc')],
    powerOn: { disks: 'ab', meanwhile: 'answer 1', patienceSpentS: 15 },
    expect: { root: 'base', untouched: 'c', degraded: { md0: 1 } },
  },
  {
    name: 'raid5-dirty-degraded-told',
    proves: 'S4 S15',
    title: 'the same, and the kernel command line has told md: started after the wait',
    on: ['trixie'],
    machine: raid5,
    before: [cutWhileWriting('abc')],
    powerOn: { disks: 'ab', kernelArguments: ['md_mod.start_dirty_degraded=1'] },
    expect: {
      ...{ root: 'base', untouched: 'c', degraded: { md0: 1 } },
      ...{ startedDegradedAfterS: afterTheWait, saysNot: [asked] },
    },
  },
  {
    name: 'raid5-reshape-one-missing',
    proves: 'S3 S15',
    title: 'RAID5, growing from three to four, one missing: started after the wait',
    on: ['bookworm', 'trixie', 'forky'],
    machine: growing,
    before: [grown('')],
    powerOn: { disks: 'acd' },
    expect: { root: 'base', untouched: 'b', degraded: { md0: 1 }, startedDegradedAfterS: afterTheWait },
  },
  {
    name: 'raid5-reshape-one-failed',
    proves: 'S3 S15',
    title: 'the same, failed before, as the image knows: started at once',
    on: ['trixie'],
    machine: growing,
    before: [grown('mdadm --fail --quiet /dev/md0 "$(node b)"; make_image')],
    powerOn: { disks: 'acd', kernelArguments: longWait },
    expect: {
      ...{ root: 'base', untouched: 'b', degraded: { md0: 1 } },
      startedDegradedAfterS: beforeLongWaitEnds,
    },
  },
  {
    name: 'raid5-journal-missing',
    proves: 'S4 F8',
    title: 'RAID5 without its write journal: asked, nothing written',
    on: ['bookworm'],
    machine: journalled,
    before: [],
    powerOn: { disks: 'abc' },
    expect: { root: null, untouched: 'abcd', says: [asked] },
  },
  {
    name: 'raid5-journal-late',
    proves: 'S2 F8',
    title: 'RAID5: the write journal comes while it is waited for: complete',
    on: ['trixie'],
    machine: journalled,
    before: [],
    powerOn: {
      disks: 'abc',
      pluggable: 'd',
      meanwhile: 'sleep 1; plug d',
      kernelArguments: ['reliable_raid.wait=20'],
    },
    expect: { root: 'base', degraded: { md0: 0 }, compared: true },
  },
  {
    name: 'raid6-two-missing',
    proves: 'S2 S3',
    title: 'RAID6, clean, two of four missing: started after the wait',
    on: ['bookworm', 'trixie'],
    machine: raid6,
    before: [],
    powerOn: { disks: 'db' },
    expect: { root: 'base', untouched: 'ac', degraded: { md0: 2 }, startedDegradedAfterS: afterTheWait },
  },
  {
    name: 'raid6-dirty-degraded',
    proves: 'S4',
    title: 'RAID6, power cut while writing, one missing: asked, nothing written',
    on: ['forky'],
    machine: raid6,
    before: [cutWhileWriting('abcd')],
    powerOn: { disks: 'abc' },
    expect: { root: null, untouched: 'abcd', says: [asked] },
  },
  {
    name: 'raid6-two-return',
    proves: 'S6 S8',
    title: 'RAID6: two members that were away are seen first',
    on: ['bookworm', 'forky'],
    machine: raid6,
    before: [ran('ab', 'X')],
    powerOn: { disks: 'cdab', oneByOne: true },
    expect: { root: 'X' },
  },
  {
    name: 'raid6-split-unattended',
    proves: 'S5',
    title: 'RAID6: two groups ran alone: asked, nothing started, nothing written',
    on: ['bookworm', 'forky'],
    machine: raid6,
    before: apart('ab', 'cd'),
    powerOn: { disks: 'acbd' },
    expect: { root: null, untouched: 'abcd', says: [asked] },
  },
  {
    name: 'raid6-split-answer-2',
    proves: 'S5',
    title: 'RAID6: an administrator chooses the second group: its tree whole, the other as it was',
    on: ['bookworm', 'forky'],
    machine: raid6,
    before: apart('ab', 'cd'),
    powerOn: { disks: 'acbd', oneByOne: true, meanwhile: 'answer 2', patienceSpentS: 15 },
    expect: { root: 'Y', untouched: 'ab', degraded: { md0: 2 } },
  },
  {
    name: 'raid6-split-plugged-after-start',
    proves: 'S8',
    title: 'RAID6: a diverged member is plugged in when the other group runs: left out',
    on: ['trixie'],
    machine: raid6,
    before: apart('ab', 'cd'),
    powerOn: { disks: 'ab', pluggable: 'c', after: 'plug c; sleep 1' },
    expect: { root: 'X', untouched: 'cd', degraded: { md0: 2 } },
  },
  {
    name: 'raid10-one-missing',
    proves: 'S2 S3',
    title: 'RAID10, one of four missing: started after the wait',
    on: ['forky'],
    machine: raid10,
    before: [],
    powerOn: { disks: 'bcd' },
    expect: { root: 'base', untouched: 'a', degraded: { md0: 1 }, startedDegradedAfterS: afterTheWait },
  },
  {
    name: 'raid10-both-of-a-pair-missing',
    proves: 'S3',
    title: 'RAID10, both copies of one half missing: not started, nothing written',
    on: ['trixie'],
    machine: raid10,
    before: [],
    powerOn: { disks: 'cd' },
    expect: { root: null, untouched: 'abcd' },
  },
  {
    name: 'raid10-known-degraded',
    proves: 'S5 known',
    title: 'RAID10, degraded for long, and the ledger agrees: started without waiting',
    on: ['trixie'],
    machine: raid10,
    before: [ran('abd', 'X'), imageBuilt('abd')],
    powerOn: { disks: 'abd', kernelArguments: longWait },
    expect: { root: 'X', untouched: 'c', degraded: { md0: 1 }, wentOnAfterS: beforeLongWaitEnds },
  },
  {
    name: 'raid10-half-returns',
    proves: 'S6 S8',
    title: 'RAID10: one copy of each pair was away and is seen first',
    on: ['bookworm'],
    machine: raid10,
    before: [ran('ac', 'X')],
    powerOn: { disks: 'bdac', oneByOne: true },
    expect: { root: 'X' },
  },
  {
    name: 'raid10-split-unattended',
    proves: 'S5',
    title: 'RAID10: the copies of each pair ran alone: asked, nothing started, nothing written',
    on: ['trixie', 'forky'],
    machine: raid10,
    before: apart('ac', 'bd'),
    powerOn: { disks: 'abcd' },
    expect: { root: null, untouched: 'abcd', says: [asked] },
  },
  {
    name: 'raid10-split-answer-1',
    proves: 'S5',
    title: 'RAID10: an administrator chooses copy 1: its tree whole, the other as it was',
    on: ['bookworm', 'trixie'],
    machine: raid10,
    before: apart('ac', 'bd'),
    powerOn: { disks: 'bdac', oneByOne: true, meanwhile: 'answer 1', patienceSpentS: 15 },
    expect: { root: 'X', untouched: 'bd', degraded: { md0: 2 } },
  },
];
