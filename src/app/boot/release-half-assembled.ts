import type { Machine } from '../machine.ts';
import type { DeviceObserver } from '../read/device-observer.ts';
import type { BootReport } from './report-writer.ts';
import { runCommand } from './run-command.ts';

/**
 * Stops every array that udev left half assembled, so that the real system's udev sees its members anew: stock leaves them
 * inactive for good, /boot included (F6). `mdadm --stop` on an inactive array writes nothing;
 * containers and their volumes are always "inactive" and are left alone.
 */
export async function releaseArrays(
  machine: Machine,
  observer: DeviceObserver,
  report: BootReport,
): Promise<number> {
  const snapshot = await observer.rescanAll();
  let failed = false;
  for (const array of snapshot.arrays) {
    if (array.state !== 'inactive' || array.external || array.uuid === null) continue;
    const { ok, detail } = await runCommand(
      { kind: 'stop-array', uuid: array.uuid, device: array.device },
      machine,
    );
    failed ||= !ok;
    report.add({
      atMs: machine.clock.nowMs(),
      kind: 'released',
      array: array.uuid,
      device: array.device,
      ok,
      detail,
    });
  }
  await report.flush();
  return failed ? 1 : 0;
}
