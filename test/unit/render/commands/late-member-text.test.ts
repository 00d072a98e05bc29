import { test } from 'tap';
import { lateMemberText } from '../../../../src/core/render/commands/late-member-text.ts';
import { watched } from '../../../support/simulated-boot.ts';

test('which disk, how late, when, and what to set', async (t) => {
  const array = watched({ n: 1, level: 1, raidDevices: 2 });
  const late = {
    stage: 'arrays',
    grade: 'note',
    code: 'late',
    array,
    device: 'sdb\x1b',
    cameAfterMs: 18_400,
  } as const;
  const { text, remedy } = lateMemberText({ ...late, bootedAtMs: 0, enoughS: 30 });
  t.equal(
    text,
    'array a1 is waited for 20 s, and sdb\\x1b came 18 s after the search for devices began in the boot of 1970-01-01 00:00 UTC',
  );
  t.match(remedy, /set wait = 30 in/);
  t.match(lateMemberText({ ...late, bootedAtMs: null, enoughS: 30 }).text, /in a former boot$/);
});
