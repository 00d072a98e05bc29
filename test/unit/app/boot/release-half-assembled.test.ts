import { test } from 'tap';
import { NodeClock } from '../../../../src/adapters/node/clock.ts';
import { releaseArrays } from '../../../../src/app/boot/release-half-assembled.ts';
import { BootReport } from '../../../../src/app/boot/report-writer.ts';
import type { DeviceObserver } from '../../../../src/app/read/device-observer.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import type { PresentArray } from '../../../../src/core/snapshot/snapshot.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const UUID = '11111111:22222222:33333333:44444444' as MdUuid;
const array = (device: string, more: Partial<PresentArray> = {}): PresentArray => ({
  ...{ device, state: 'inactive', external: false, uuid: UUID, degraded: null, deadMembers: [] },
  ...more,
});

test('only what is inactive, native and known is stopped; a failure counts', async (t) => {
  const arrays = [
    array('md0'),
    array('md1', { state: 'clean' }),
    array('md2', { external: true }),
    array('md3', { uuid: null }),
    array('md4'),
  ];
  for (const fails of ['none', '/dev/md0', '/dev/md4']) {
    const files = new MemoryFiles();
    const runner = answeringRunner((argv) => ({ status: argv.at(-1) === fails ? 1 : 0 }));
    const machine = { ...idleMachine(new NodeClock(), files), runner };
    const observer = { rescanAll: async () => ({ members: [], arrays }) } as unknown as DeviceObserver;
    const report = await BootReport.open(files, '/run/boot.json', 0, []);
    t.equal(await releaseArrays(machine, observer, report), fails === 'none' ? 0 : 1, fails);
    t.same(runner.calls, ['mdadm --stop /dev/md0', 'mdadm --stop /dev/md4']);
    t.match(files.writes, { length: 1 }, 'what was released is in the report');
  }
});
