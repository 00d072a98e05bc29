// RAID5, RAID6 and RAID10: what may be missing, and what not.
import { array, arrayNotStarted, ends, neverReports, reports, sees } from '../scenario/expect.ts';
import { after, plug, type Scenario } from '../scenario/scenario.ts';
import { shortRetry, shortWait, startedAfterShortWait, systemUp } from './words.ts';

const oneMissing = (level: string, layout: string): Scenario => ({
  id: `B9-${level}`,
  title: `${level}, one disk missing: started`,
  layout,
  absent: ['disk2'],
  kernelArguments: [shortWait],
  ends: 'system',
  expect: [...systemUp(/^\/dev\/md/), ...startedAfterShortWait, array('md0', { degraded: 1 })],
});

const tooFew = (
  level: string,
  layout: string,
  absent: readonly string[],
  roles: readonly number[],
): Scenario => ({
  id: `B9-${level}-too-few`,
  title: `${level}, one disk too many missing: roles named, not started, the shell of the distribution`,
  layout,
  absent,
  kernelArguments: [shortRetry],
  ends: 'shell',
  limit: 150,
  opensShell: true,
  expect: [
    ends('shell'),
    arrayNotStarted('md0'),
    neverReports('array-started'),
    reports('not-startable'),
    reports('handover'),
    ...roles.map((role) => sees(new RegExp(`missing +role ${role} `))),
    sees(/(ALERT!|Warning:).*does not exist/),
  ],
});

export const levels: readonly Scenario[] = [
  oneMissing('raid5', 'raid5x3'),
  tooFew('raid5', 'raid5x3', ['disk2', 'disk3'], [1, 2]),
  oneMissing('raid6', 'raid6x4'),
  tooFew('raid6', 'raid6x4', ['disk2', 'disk3', 'disk4'], [1, 2, 3]),
  oneMissing('raid10', 'raid10x4'),
  tooFew('raid10', 'raid10x4', ['disk1', 'disk2'], [0, 1]),
  {
    id: 'B15',
    title: 'RAID5, one disk missing, another late: started when the late one comes',
    layout: 'raid5x3',
    absent: ['disk2', 'disk3'],
    steps: [after(/cannot be started/, plug('disk3'), 1)],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 1 }),
      neverReports('array-started', { sinceDiscovery: [0, 21.5] }),
      reports('array-started', { degraded: true, sinceStep: [0, -0.3, 8] }),
    ],
  },
];
