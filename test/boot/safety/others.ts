// Arrays that root does not need: whatever is wrong with them, they are not started degraded and not written to.
import {
  afterTheWait,
  array,
  beforeLongWaitEnds,
  longWait,
  machine,
  ran,
  type SafetyCase,
  type Step,
  withRoot,
} from './safety-case.ts';

const withData = withRoot('md0', machine('abcd', array('md0', 1, 'ab'), array('md1', 1, 'cd')));
const oneArray = machine('abcd', array('md0', 1, 'ab'));

/** Another machine's array of the same name, with a tree of its own, on disks c and d. */
export const foreignArray: Step = {
  kind: 'run',
  shell: `mdadm --create /dev/md9 --run --quiet --assume-clean --homehost=guest --name=0 --level=1 \\
    --metadata=1.2 --bitmap=internal --bitmap-chunk=64K --raid-devices=2 $(nodes c,d)
  mkfs.ext4 -q -F -L root /dev/md9; udevadm settle; mdadm --stop --quiet /dev/md9`,
};
/** Data on md1 was written with disk c alone. */
const dataHalfRan: Step = {
  kind: 'run',
  shell: `mdadm --assemble --quiet --run /dev/md1 $(nodes c)
  dd if=/dev/urandom of=/dev/md1 bs=1M count=4 oflag=direct status=none; mdadm --stop --quiet /dev/md1`,
};

/** The image lists md0; root was copied to md1 since, and what was on md0 is gone; and what else was done. */
const rootMoved = (then: string): Step => ({
  kind: 'run',
  shell: `open_arrays a,b,c,d
  dd if=/dev/md0 of=/dev/md1 bs=1M oflag=direct status=none
  wipefs --all --quiet /dev/md0
  close_arrays
  ${then}`,
});
const oldDisksBlank = 'mdadm --zero-superblock "$(node a)" "$(node b)"';

export const others: readonly SafetyCase[] = [
  {
    name: 'list-older-listed-runs',
    proves: 'S1 S2 S15',
    title:
      'root is on an array that the image does not list, a disk of it is missing: started after the wait, and said',
    on: ['bookworm', 'trixie'],
    machine: withData,
    before: [rootMoved('')],
    powerOn: { disks: 'abc', patienceSpentS: 5 },
    expect: {
      ...{ root: 'base', untouched: 'd', degraded: { md0: 0, md1: 1 }, startedDegradedAfterS: afterTheWait },
      says: [/"unlisted"/, /the list in this\s+image is older/],
    },
  },
  {
    name: 'list-older-listed-gone',
    alike: true,
    proves: 'S1 S2 S15',
    title: 'the same, and the listed array is gone',
    on: ['trixie', 'forky'],
    machine: withData,
    before: [rootMoved(oldDisksBlank)],
    powerOn: { disks: 'abc' },
    expect: {
      ...{ root: 'base', untouched: 'd', degraded: { md1: 1 }, startedDegradedAfterS: afterTheWait },
      says: [/To renew it: (update-initramfs -u|dracut -f)/],
    },
  },
  {
    name: 'list-older-all-there',
    proves: 'S15',
    title: 'the listed array is gone, and root is there without it: nobody waits',
    on: ['trixie'],
    machine: withData,
    before: [rootMoved(oldDisksBlank)],
    powerOn: { disks: 'abcd', kernelArguments: longWait, patienceSpentS: 0 },
    expect: { root: 'base', degraded: { md1: 0 }, wentOnAfterS: [0, 25], saysNot: [/NOTICE/] },
    onDracut: { wentOnAfterS: [59, 120], says: [/the list\s+in this image is older/], saysNot: [] },
  },
  {
    name: 'device-line-shuts-out',
    proves: 'S7 S15',
    title: 'mdadm.conf allows only disks that are no more: all there, found by UUID and started whole',
    on: ['bookworm', 'trixie', 'forky'],
    machine: oneArray,
    before: [],
    powerOn: {
      disks: 'ab',
      first: 'echo DEVICE /dev/cciss/* >>/etc/mdadm/mdadm.conf',
      kernelArguments: longWait,
    },
    expect: {
      ...{ root: 'base', degraded: { md0: 0 } },
      wentOnAfterS: beforeLongWaitEnds,
      saysNot: [/NOTICE/],
    },
  },
  {
    name: 'other-array-half-there',
    proves: 'S1 F6',
    title: 'an unlisted array misses a disk: not started, released, not a byte written',
    on: ['bookworm', 'forky'],
    machine: withData,
    before: [],
    powerOn: { disks: 'abc' },
    expect: { root: 'base', untouched: 'cd', notStarted: ['md1'], degraded: { md0: 0 } },
  },
  {
    name: 'other-array-half-there-root-too',
    alike: true,
    proves: 'S1',
    title: 'an unlisted array and root miss a disk each: only root is started',
    on: ['trixie'],
    machine: withData,
    before: [],
    powerOn: { disks: 'ac' },
    expect: { root: 'base', untouched: 'bcd', notStarted: ['md1'], degraded: { md0: 1 } },
  },
  {
    name: 'other-array-root-is-split',
    proves: 'S1 S5',
    title: 'root is asked about, an unlisted array misses a disk: nothing at all is written',
    on: ['forky'],
    machine: withData,
    before: [ran('bcd', 'Y'), ran('acd', 'X')],
    powerOn: { disks: 'abc' },
    expect: { root: null, untouched: 'abcd', notStarted: ['md1'] },
  },
  {
    name: 'other-array-known-degraded',
    alike: true,
    proves: 'S1',
    title: 'an unlisted array was degraded before: udev may start it as without us, nothing is written to it',
    on: ['trixie'],
    machine: withData,
    before: [dataHalfRan],
    powerOn: { disks: 'abc' },
    expect: { root: 'base', untouched: 'cd', degraded: { md0: 0 } },
  },
  {
    name: 'foreign-array-of-same-name',
    proves: 'S1 uuid',
    title:
      'half of another array of the same name is seen first: root is found by UUID, that half is not written to',
    on: ['bookworm', 'trixie'],
    machine: oneArray,
    before: [foreignArray],
    powerOn: { disks: 'cab', oneByOne: true },
    expect: { root: 'base', untouched: 'cd', degraded: { md0: 0 }, compared: true },
  },
  {
    name: 'foreign-array-root-degraded',
    alike: true,
    proves: 'S1 uuid',
    title: 'the same, and root misses a disk',
    on: ['forky'],
    machine: oneArray,
    before: [foreignArray],
    powerOn: { disks: 'ca', oneByOne: true },
    expect: { root: 'base', untouched: 'bcd', degraded: { md0: 1 } },
  },
];
