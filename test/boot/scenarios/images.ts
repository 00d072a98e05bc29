// Machines whose image or configuration differs: no array under root, no configuration, the package removed.
import {
  array,
  neverSees,
  noReport,
  reports,
  rootMounted,
  sameImageFilesAsStock,
} from '../scenario/expect.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { anythingOfOurs, shortWait, startedAfterShortWait, systemUp } from './words.ts';

export const images: readonly Scenario[] = [
  {
    id: 'B12',
    title: 'root on a plain partition: the image is as before',
    layout: 'plain',
    ends: 'system',
    expect: [...systemUp(/^\/dev\/(sda|ubdb)1/), sameImageFilesAsStock, noReport, neverSees(anythingOfOurs)],
  },
  {
    id: 'B13',
    title: 'no ARRAY lines, no host name in the image: found by UUID and started',
    layout: 'raid1-noconf',
    absent: ['disk2'],
    kernelArguments: [shortWait],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md0$/),
      ...startedAfterShortWait,
      array('md0', { degraded: 1 }),
      reports('finished'),
    ],
  },
  {
    id: 'B16',
    title: 'package removed, one disk missing: exactly the stock behaviour and file list',
    layout: 'raid1-ext4',
    stage: 'removed',
    notWithDracut: 'such an image assembles nothing without us: there is no boot to be as before',
    absent: ['disk2'],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      sameImageFilesAsStock,
      noReport,
      neverSees(anythingOfOurs),
      array('md0', { degraded: 1 }),
      rootMounted([22, 90]),
    ],
  },
];
