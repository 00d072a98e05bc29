import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { readRunningFacts } from '../../../../src/app/read/running-facts.ts';
import type { PresentArray } from '../../../../src/core/snapshot/snapshot.ts';
import { mirrorFiles } from '../../../support/mirror-files.ts';

const MD0: PresentArray = {
  ...{ device: 'md0', state: 'clean', external: false, uuid: null, degraded: 1, deadMembers: [] },
};

test('what sysfs shows to anybody', async (t) => {
  const files = mirrorFiles({ isWhole: false, mayRead: false });
  const md = '/sys/class/block/md0/md';
  files.texts.set(`${md}/dev-sdc1/state`, 'faulty,write_error\n');
  files.texts.set(`${md}/dev-sdc1/slot`, 'none\n');
  files.texts.set(`${md}/raid_disks`, '3 (2)\n');
  files.texts.set(`${md}/sync_action`, 'reshape\n');
  t.match(await readRunningFacts({ files, paths: REAL_PATHS }, MD0), {
    ...{ device: 'md0', level: 'raid1', layout: 0, raidDevices: 3, degraded: 1 },
    members: [
      { device: 'sda1', slot: 0, words: ['in_sync'] },
      { device: 'sdc1', slot: null, words: ['faulty', 'write_error'] },
    ],
    sync: { action: 'reshape', done: null },
  });
});

test('what does not run has none, and what cannot be read is not made up', async (t) => {
  const files = mirrorFiles();
  const of = (state: PresentArray['state'], device = 'md0') =>
    readRunningFacts({ files, paths: REAL_PATHS }, { ...MD0, state, device });
  for (const state of ['inactive', 'clear', 'unknown'] as const) t.equal(await of(state), null);
  t.match(await of('broken'), { state: 'broken' });
  t.match(await of('clean', 'md9'), { level: '', raidDevices: 0, members: [], sync: null });
});
