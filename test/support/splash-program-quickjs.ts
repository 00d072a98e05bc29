// Speaks to a splash as the engine does, and reports on stdout, one JSON line each, what comes of it. Words: ADDRESS MODE.
import { quickjsMachine } from '../../src/adapters/quickjs/machine.ts';
import { runProgram } from '../../src/adapters/quickjs/run-program.ts';
import { REAL_PATHS } from '../../src/app/machine.ts';

runProgram(async ([address = '', mode], { out }) => {
  const places = { paths: { ...REAL_PATHS, dev: '/nonexistent' }, searchPath: '/usr/bin:/bin', shell: '' };
  const { splash, clock } = quickjsMachine({ ...places, splash: address });
  const say = (value: unknown): void => out(JSON.stringify(value));
  say({ cover: await splash.look() });
  if (mode === 'look-twice') {
    const askedAtMs = clock.nowMs();
    say({ cover: await splash.look(), isQuick: clock.nowMs() - askedAtMs < 1_000 });
    return 0;
  }
  if (mode === 'busy') {
    say({ cover: await splash.look() });
    const askedAtMs = clock.nowMs();
    await splash.show(['said']);
    say({ cover: await splash.look(), isQuick: clock.nowMs() - askedAtMs < 1_000 });
    say('gives way');
    await splash.giveWay();
    say('gave way');
    return 0;
  }
  await splash.show(['first', '9 s']);
  await splash.show(['first', '9 s']);
  await splash.show(['x'.repeat(200)]);
  await new Promise<void>((resolve) => {
    const typed: number[] = [];
    const enough = (bytes: Uint8Array): void => {
      typed.push(...bytes);
      if (typed.length < 3) return;
      say({ typed });
      resolve();
    };
    void splash.watchKeys(enough).then(() => say('watching'));
  });
  await splash.ignoreKeys();
  await splash.show([]);
  await splash.giveWay();
  await splash.comeBack();
  return 0;
});
