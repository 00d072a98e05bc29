import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { type Desktop, openDesktops, toDesktops } from '../../../../src/app/notices/desktop.ts';
import type { RunResult } from '../../../../src/ports/runner.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const SHOWN = ['1000 ann x11', '1001 bob wayland', '1002 cyd tty']
  .map((line) => line.split(' '))
  .map(([uid, name, type]) => `User=${uid}\nName=${name}\nType=${type}\nClass=user\nState=active\n`)
  .join('\n');
const ANN: Desktop = { uid: 1000, name: 'ann', bus: '/run/user/1000/bus' };
const BOB: Desktop = { uid: 1001, name: 'bob', bus: '/run/user/1001/bus' };

test('desktops are those of logind that have a bus; without logind there are none', async (t) => {
  const found = (answers: (argv: readonly string[]) => Partial<RunResult> | null, buses = [ANN.bus]) =>
    openDesktops({
      runner: answeringRunner(answers),
      files: new MemoryFiles(Object.fromEntries(buses.map((bus) => [bus, '']))),
      paths: REAL_PATHS,
    });
  const logind = (argv: readonly string[]) =>
    argv.includes('show-session')
      ? { stdout: SHOWN, status: 1 }
      : { stdout: '1 1000 ann seat0 tty2\n2 1001 bob seat0 tty3\n3 1002 cyd - pts/0\n' };
  t.same(await found(logind), [ANN]);
  t.same(await found(logind, [ANN.bus, BOB.bus]), [ANN, BOB]);
  t.same(await found(() => null), []);
  t.same(await found(() => ({ status: 1, stderr: 'Failed to connect to bus' })), []);
  t.same(await found(() => ({ stdout: '' })), []);
});

test('one desktop that fails does not fail the rest, and none is told twice for it', async (t) => {
  const message = { subject: 's', body: 'b', urgency: 'urgent' as const };
  const send = (answers: Readonly<Record<string, Partial<RunResult> | null>>, isTest = false) =>
    toDesktops(
      answeringRunner((argv) => answers[argv[2] ?? ''] ?? null),
      [ANN, BOB],
      message,
      {
        ...{ outside: (argv) => argv, timeoutMs: 1000, isTest },
      },
    );
  const down = { status: 1, stderr: 'Failed to connect to bus: Connection refused' };
  const nobody = {
    status: 1,
    stderr: 'Call failed: The name org.freedesktop.Notifications was not provided by any .service files',
  };
  t.equal(await send({ ann: {}, bob: {} }), null);
  t.equal(await send({ ann: down, bob: {} }), null);
  t.match(await send({ ann: down, bob: nobody }), /desktop of ann: busctl failed .*Connection refused/);
  t.match(await send({}), /is not installed/);
  t.equal(await send({ ann: nobody, bob: nobody }), null, 'nobody there who would ever show it');
  t.match(await send({ ann: nobody, bob: nobody }, true), /no open session/);
});
