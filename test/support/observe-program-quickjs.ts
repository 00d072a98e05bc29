// Looks at this machine once, as the boot engine does, and prints the snapshot and how long that took, as JSON.
import { quickjsMachine } from '../../src/adapters/quickjs/machine.ts';
import { runProgram } from '../../src/adapters/quickjs/run-program.ts';
import { DeviceObserver } from '../../src/app/read/device-observer.ts';

runProgram(async (_words, { out }) => {
  const { files, clock, paths, runner } = quickjsMachine();
  const startedAtMs = clock.nowMs();
  const snapshot = await new DeviceObserver(files, paths, runner).rescanAll();
  out(JSON.stringify({ tookMs: Math.round(clock.nowMs() - startedAtMs), ...snapshot }));
  return 0;
});
