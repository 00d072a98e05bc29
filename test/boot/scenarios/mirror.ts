// ext4 on RAID1: all disks, one missing, one late.
import {
  array,
  imageGrowsAtMost,
  neverReports,
  neverSees,
  noReport,
  reports,
  rootMounted,
  sees,
  showsOnScreen,
} from '../scenario/expect.ts';
import { after, plug, type Scenario, screen } from '../scenario/scenario.ts';
import {
  anythingOfOurs,
  notice,
  shortWait,
  startedAtDeadline,
  systemStarts,
  systemUp,
  timeForSteps,
} from './words.ts';

export const mirror: readonly Scenario[] = [
  {
    id: 'B1',
    title: 'all disks: the engine is not started and says nothing',
    layout: 'raid1-ext4',
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      noReport,
      neverSees(anythingOfOurs),
      imageGrowsAtMost(1_200_000),
    ],
  },
  {
    id: 'B2',
    title: 'one disk missing: notice, countdown, start at the deadline',
    layout: 'raid1-ext4',
    absent: ['disk2'],
    steps: [after(/start degraded now/, screen('countdown'), 1)],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      ...startedAtDeadline('md0'),
      sees(/disk2/),
      sees(/Seconds until .* started degraded:/),
      sees(/Next: attach or replace its missing disk/),
      showsOnScreen('countdown', notice),
      showsOnScreen('countdown', /\[Esc\] or \[d\] start degraded now/),
    ],
  },
  {
    id: 'B3',
    title: 'the second disk arrives during the countdown: complete, and done at that moment',
    layout: 'raid1-ext4',
    absent: ['disk2'],
    kernelArguments: [timeForSteps],
    steps: [after(notice, plug('disk2'))],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      array('md0', { degraded: 0 }),
      sees(/array md0 is complete: role 1 \(/),
      neverReports('array-started', { degraded: true }),
      reports('finished', { sinceStep: [0, -0.3, 4] }),
    ],
  },
  {
    id: 'B17',
    title: 'the missing disk comes when the system runs: it is re-added automatically',
    layout: 'raid1-ext4',
    absent: ['disk2'],
    kernelArguments: [shortWait],
    steps: [after(systemStarts, plug('disk2'))],
    ends: 'system',
    settle: true,
    expect: [
      ...systemUp(/^\/dev\/md/),
      reports('array-started', { degraded: true, times: 1 }),
      array('md0', { degraded: 0 }),
    ],
  },
  {
    id: 'B20',
    title: 'both disks, one away for the last boot: nobody is waited for, the other runs at once',
    layout: 'raid1-ext4',
    before: [{ run: ['true'] }, { absent: ['disk2'], run: ['echo newer >/newer', 'sync'] }],
    ends: 'system',
    expect: [
      ...systemUp(/^\/dev\/md/),
      neverSees(notice),
      reports('deadline', { with: { cause: 'all-in-sight' }, times: 1 }),
      rootMounted([0, 15]),
    ],
  },
];
