// Arrays that root does not need, in the boot image, and arrays that stand on arrays.
import {
  array,
  arrayNotStarted,
  neverReports,
  neverSees,
  reports,
  seesInOrder,
  superblocksUnchanged,
} from '../scenario/expect.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { shortWait, startedAfterShortWait, systemStarts, systemUp } from './words.ts';

const oneOfEachMissing = (id: string, title: string, ...kernelArguments: readonly string[]): Scenario => ({
  id,
  title,
  layout: 'raid1-plus-data',
  absent: ['disk2', 'disk4'],
  // What happens to it later is another matter: arrays-after-boot.ts.
  kernelArguments: [...kernelArguments, shortWait, 'systemd.mask=reliable-raid-arrays.service'],
  ends: 'system',
  expect: [
    ...systemUp(/^\/dev\/md/),
    ...startedAfterShortWait,
    array('md0', { degraded: 1 }),
    arrayNotStarted('md1'),
    superblocksUnchanged('disk2', 'disk3', 'disk4'),
    neverSees(/md1: active/),
  ],
});

export const otherArrays: readonly Scenario[] = [
  oneOfEachMissing('B8', 'a disk of each of two arrays missing: the one root does not need stays untouched'),
  {
    ...oneOfEachMissing(
      'B8-auto',
      'the same with rd.auto, with which dracut itself would start both',
      'rd.auto',
    ),
    onlyWithDracut: true,
  },
  {
    id: 'B8-auto-whole',
    title:
      'all disks, with rd.auto: the array that root does not need is assembled after the image, not in it',
    layout: 'raid1-plus-data',
    kernelArguments: ['rd.auto'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md1', { degraded: 0 }),
      seesInOrder(systemStarts, /md\/raid1:md\d+: active/),
    ],
    onlyWithDracut: true,
  },
  {
    id: 'B8-data',
    title: 'only a disk of the other array is missing: the boot does not wait for it',
    layout: 'raid1-plus-data',
    absent: ['disk4'],
    // What happens to it later is another matter: arrays-after-boot.ts.
    kernelArguments: ['systemd.mask=reliable-raid-arrays.service'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      neverSees(/NOTICE: array |md1: active/),
      superblocksUnchanged('disk3', 'disk4'),
    ],
  },
  {
    id: 'B10',
    title: 'md on md, a disk of a lower array missing: layer by layer',
    layout: 'md-on-md',
    absent: ['disk2'],
    kernelArguments: [shortWait],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md1', { degraded: 1 }),
      array('md2', { degraded: 0 }),
      array('md0', { degraded: 0 }),
      ...startedAfterShortWait,
    ],
  },
  {
    id: 'B10-upper',
    title: 'md on md, both disks of a lower array missing: the upper one starts half a wait later',
    layout: 'md-on-md',
    absent: ['disk1', 'disk2'],
    kernelArguments: [shortWait],
    ends: 'system',
    limit: 180,
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md2', { degraded: 0 }),
      array('md0', { degraded: 1 }),
      reports('array-started', { degraded: true, times: 1 }),
      neverReports('array-started', { degraded: true, sinceDiscovery: [0, 7.499] }),
    ],
  },
];
