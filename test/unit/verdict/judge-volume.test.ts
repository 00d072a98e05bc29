import { test } from 'tap';
import { judgeVolume } from '../../../src/core/verdict/judge-volume.ts';
import { CONTAINER_SUITES, recordedContainers } from '../../support/recorded-containers.ts';

for (const suite of CONTAINER_SUITES) {
  const { members, volumeUuid } = recordedContainers(suite);
  const judge = (name: string, ...disks: readonly string[]) =>
    judgeVolume(volumeUuid(name), members(name, ...disks));
  for (const kind of ['imsm', 'ddf'] as const) {
    test(`${suite}: ${kind}: which disks of a volume are there`, async (t) => {
      const five = `${kind}-raid5`;
      t.equal(judge(five, 'b', 'c', 'd').kind, 'complete');
      t.match(judge(five, 'b', 'd'), { knownMissing: [], outdated: [] });
      t.equal(judge(five, 'b').kind, 'insufficient');
      t.equal(judge(five).kind, 'absent');
      t.strictSame(judgeVolume(volumeUuid(`${kind}-two-volumes`), members(five, 'b')), { kind: 'absent' });

      const failed = judge(`${five}-failed`, 'b', 'c', 'd');
      t.not(failed.kind, 'complete', 'the failed disk does not count');
      t.match(failed, { missingSlots: [2], knownMissing: [2] });
      t.equal(judge(`${five}-failed`, 'b', 'd').kind, 'insufficient');
    });
  }
}
