// Opens the consoles as the engine does and reports on stdout, one JSON line each, what comes in. Words: SYS DEV SHELL MODE.
import * as host from 'host';
import { quickjsMachine } from '../../src/adapters/quickjs/machine.ts';
import { runProgram } from '../../src/adapters/quickjs/run-program.ts';
import { REAL_PATHS } from '../../src/app/machine.ts';

runProgram(async ([sys = '', dev = '', shell = '', mode], { out }) => {
  const places = { paths: { ...REAL_PATHS, sys, dev }, searchPath: '/usr/bin:/bin', shell };
  const { consoles, clock, runner } = quickjsMachine(places);
  const later = (delayMs: number): Promise<void> => new Promise((resolve) => clock.after(delayMs, resolve));
  const say = (value: unknown): void => out(JSON.stringify(value));
  const opened = await consoles.open((name, bytes) => say({ name, bytes: [...bytes] }));
  // Before the driver is told to go on: the child that must not be left behind.
  if (mode === 'child') void runner.run(['sleep', '77.77'], { timeoutMs: 60_000 });
  say({ opened: opened.map(({ name }) => ({ name })) });
  for (const console of opened) console.write('one\ntwo');
  if (mode === 'exit') {
    await later(300);
    return 3;
  }
  if (mode === 'throw') {
    await later(300);
    throw new Error('on purpose');
  }
  if (mode === 'throw-in-callback') {
    clock.after(300, () => {
      throw new Error('on purpose');
    });
  }
  if (mode === 'flood') {
    for (let i = 0; i < 2000; i++) for (const console of opened) console.write(`${'x'.repeat(60)}\n`);
    await later(300);
    say('alive');
    await later(300);
    await consoles.close();
    return 0;
  }
  if (mode === 'late') {
    // Busy with something else while somebody types: what has come is not read before the end.
    const fd = host.openTerminal(`${dev}/${opened[0]?.name ?? ''}`);
    host.poll([fd], [false], 60_000);
    host.close(fd);
  }
  if (mode === 'close' || mode === 'shell' || mode === 'late') {
    await consoles.close();
    if (mode !== 'close') await consoles.shell(opened[0]?.name ?? '');
    say(mode === 'close' ? 'closed' : 'shell left');
    return 0;
  }
  await later(60_000);
  return 0;
});
