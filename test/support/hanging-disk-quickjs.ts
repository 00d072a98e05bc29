// Reads while the process that reads stands still, as one that waits for a dying disk does. Words: a file.
import { quickjsMachine } from '../../src/adapters/quickjs/machine.ts';
import { runProgram } from '../../src/adapters/quickjs/run-program.ts';

const STOP_READERS = 'for p in $(cat /proc/$PPID/task/$PPID/children); do [ $p = $$ ] || kill -STOP $p; done';

runProgram(async ([path = ''], { out }) => {
  const { files, clock, runner } = quickjsMachine();
  const read = async (): Promise<string> => {
    const beganAtMs = clock.nowMs();
    const bytes = await files.readBytes(path, 0, 512);
    return `${bytes === null ? 'nothing' : 'read'} ${clock.nowMs() - beganAtMs < 4_000 ? 'soon' : 'late'}`;
  };
  out(await read());
  const { error } = await runner.run(['sh', '-c', STOP_READERS]);
  if (error !== null) out(error);
  out((await Promise.all([read(), read(), read()])).sort().join(', '));
  await runner.run(['sh', '-c', STOP_READERS]);
  void read();
  return 0;
});
