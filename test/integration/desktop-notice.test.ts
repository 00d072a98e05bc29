// A notice on a real desktop: dunst on a virtual display, a session bus of another user, busctl as that user. Only what logind would say of
// the session is given, since a build machine has none.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'tap';
import { NodeFiles } from '../../src/adapters/node/files.ts';
import { NodeRunner } from '../../src/adapters/node/runner.ts';
import { REAL_PATHS } from '../../src/app/machine.ts';
import { openDesktops, toDesktops } from '../../src/app/notices/desktop.ts';
import { renderMessage } from '../../src/core/render/notices/message-text.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { ROOT } from '../../tools/project.ts';
import { fault } from '../support/notice-events.ts';

const PROGRAMS = ['Xvfb', 'dunst', 'dunstctl', 'dbus-daemon', 'busctl', 'runuser', 'setpriv'];
const NOBODY = { uid: 65_534, gid: 65_534, name: 'nobody' };

function whyNot(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, to be somebody else';
  const folders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];
  const missing = PROGRAMS.filter((name) => !folders.some((folder) => existsSync(`${folder}/${name}`)));
  return missing.length === 0 ? false : `not installed: ${missing.join(', ')} (Debian: xvfb, dunst, dbus)`;
}

/** A machine that is busy is not one that fails. */
async function until(what: string, isDone: () => boolean): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (isDone()) return;
    await pause(100);
  }
  throw new Error(`${what}: not there after a minute`);
}

function runs(argv: readonly string[], env: Readonly<Record<string, string>>): string | null {
  const [file = '', ...args] = argv;
  try {
    return execFileSync(file, args, {
      ...NOBODY,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return null;
  }
}

/** A session's bus that starts no program by itself. */
const busConfiguration = (bus: string): string =>
  `<busconfig><type>session</type><listen>unix:path=${bus}</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>
`;

test('a notice is shown by a real notification daemon', { skip: whyNot() }, async (t) => {
  const run = mkdtempSync(join(tmpdir(), 'desktop-'));
  const session = join(run, 'user', String(NOBODY.uid));
  mkdirSync(session, { recursive: true });
  for (const folder of [run, join(run, 'user')]) chmodSync(folder, 0o755);
  chownSync(session, NOBODY.uid, NOBODY.gid);
  const bus = join(session, 'bus');
  const children: ChildProcess[] = [];
  const start = (argv: readonly string[], env: Readonly<Record<string, string>>): ChildProcess => {
    const [file = '', ...args] = argv;
    const child = spawn(file, args, {
      uid: NOBODY.uid,
      gid: NOBODY.gid,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    return child;
  };
  t.teardown(() => {
    for (const child of children.reverse()) child.kill('SIGTERM');
    rmSync(run, { recursive: true, force: true });
  });
  const env = { PATH: '/usr/bin:/bin', HOME: session, XDG_RUNTIME_DIR: session };

  const x = start(['Xvfb', '-displayfd', '1', '-screen', '0', '800x600x24', '-nolisten', 'tcp'], env);
  let display = '';
  x.stdout?.on('data', (chunk: Buffer) => {
    display += chunk.toString();
  });
  await until('Xvfb', () => /\d\n/.test(display));
  const configuration = join(run, 'bus.conf');
  writeFileSync(configuration, busConfiguration(bus));
  start(['dbus-daemon', '--nofork', `--config-file=${configuration}`], env);
  await until('the bus', () => existsSync(bus));

  const real = new NodeRunner();
  const runner: Runner = {
    run: async (argv, options) => {
      if (argv[0] !== 'loginctl') return real.run(argv, options);
      const stdout = argv.includes('show-session')
        ? `User=${NOBODY.uid}\nName=${NOBODY.name}\nType=x11\nClass=user\nState=active\n`
        : `1 ${NOBODY.uid} ${NOBODY.name} seat0 tty7\n`;
      return { argv, status: 0, stdout, stderr: '', error: null };
    },
  };
  const desktops = await openDesktops({ runner, files: new NodeFiles(), paths: { ...REAL_PATHS, run } });
  t.same(desktops, [{ uid: NOBODY.uid, name: NOBODY.name, bus }]);

  const events = [
    {
      how: 'new' as const,
      event: fault('degraded', { disks: ['<b>WDC</b> & co'], array: null, detail: '' }),
    },
  ];
  const message = renderMessage(events, 'box');
  const to = { outside: (argv: readonly [string, ...string[]]) => argv, timeoutMs: 60_000, isTest: true };
  t.match(
    await toDesktops(runner, desktops, message, to),
    /no open session has a program/,
    'dunst is not up yet',
  );

  const seen = { ...env, DISPLAY: `:${display.trim()}`, DBUS_SESSION_BUS_ADDRESS: `unix:path=${bus}` };
  start(['dunst'], seen);
  await until('dunst', () => runs(['dunstctl', 'count', 'displayed'], seen) !== null);
  t.equal(await toDesktops(runner, desktops, message, to), null);
  await until('the notice', () => /\b1\b/.test(runs(['dunstctl', 'count', 'displayed'], seen) ?? ''));

  // Where ImageMagick is here, for who wants to see it.
  const picture = process.env['DESKTOP_PICTURE'];
  if (picture !== undefined) {
    await pause(1000);
    execFileSync('import', ['-window', 'root', picture], { env: { ...process.env, ...seen } });
    accessSync(picture);
  }

  runs(['dunstctl', 'close-all'], seen);
  const shown = JSON.stringify(JSON.parse(runs(['dunstctl', 'history'], seen) ?? 'null'));
  t.match(shown, message.subject);
  t.match(shown, '&lt;b&gt;WDC&lt;/b&gt; &amp; co', 'names of disks are no markup');
  t.match(shown, /"timeout":\{"type":"x","data":0\}/, 'it stays until somebody closes it');

  // Who logs in later.
  const login = join(run, 'login-notice');
  copyFileSync(join(ROOT, 'systemd/login-notice'), login);
  const path = join(run, 'motd');
  const greeted = { ...seen, LOGIN_MESSAGE: path };
  t.equal(runs([login], greeted), '', 'nothing is wrong');
  writeFileSync(path, 'reliable-raid: array <i>root</i> lacks a disk.\n');
  t.equal(runs([login], greeted), '');
  await until('the login notice', () => /\b1\b/.test(runs(['dunstctl', 'count', 'displayed'], seen) ?? ''));
  runs(['dunstctl', 'close-all'], seen);
  t.match(runs(['dunstctl', 'history'], seen), 'array &lt;i&gt;root&lt;/i&gt; lacks a disk.');
});
