import { test } from 'tap';
import { withLinesAsConsole } from '../../../../src/app/boot/lines-as-console.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

test('whole lines, without what a terminal needs to redraw one', async (t) => {
  const said: string[] = [];
  const machine = withLinesAsConsole(idleMachine(new LeapingClock(), new MemoryFiles()), (line) =>
    said.push(line),
  );
  const [console] = await machine.consoles.open(() => undefined);
  for (const text of ['\n', '\r     \r', 'array home is up\n', '  one\n  two\n']) console?.write(text);
  t.same(said, ['array home is up', 'one\n  two']);
});
