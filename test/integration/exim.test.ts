// Mail through a real server of Debian's: exim4 takes it over STARTTLS with a login, and as sendmail; both arrive in a mailbox, once.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { NodeNoticeWays } from '../../src/adapters/node/notice-ways.ts';
import { channelsOf } from '../../src/app/notices/channels.ts';
import type { DueEvent } from '../../src/core/notices/event.ts';
import { renderMessage } from '../../src/core/render/notices/message-text.ts';
import { answeringRunner } from '../support/answering-runner.ts';
import { eximConfiguration } from '../support/exim-configuration.ts';
import { fault } from '../support/notice-events.ts';

const EXIM = '/usr/sbin/exim4';

function whyNot(): string | false {
  if (process.getuid?.() !== 0) return 'needs root, to be somebody else';
  return existsSync(EXIM) && existsSync('/usr/bin/openssl')
    ? false
    : 'not installed: exim4, openssl (Debian: exim4-daemon-light, openssl)';
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

async function until(what: string, isDone: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1200; tries++) {
    if (isDone()) return;
    await pause(100);
  }
  throw new Error(`${what}: not there after two minutes`);
}

// A busy machine is not one that fails.
t.setTimeout(600_000);

t.test(
  'a mail with STARTTLS and a login, and one as sendmail',
  {
    skip: whyNot(),
    timeout: 600_000,
  },
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'exim-'));
    chmodSync(folder, 0o755);
    const [mailId, groupId] = ['-u', '-g'].map((which) =>
      Number(execFileSync('id', [which, 'mail'], { encoding: 'utf8' })),
    );
    const ofMail = (path: string): void => chownSync(path, mailId ?? 0, groupId ?? 0);
    mkdirSync(join(folder, 'spool'));
    for (const path of [folder, join(folder, 'spool')]) ofMail(path);
    const config = join(folder, 'exim.conf');
    writeFileSync(config, eximConfiguration(folder));
    const [key, caFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1'],
        ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', caFile],
      ],
      { stdio: 'ignore' },
    );
    ofMail(key);
    const password_file = join(folder, 'password');
    writeFileSync(password_file, 'secret\n', { mode: 0o600 });
    const port = await freePort();
    const exim: ChildProcess = spawn(EXIM, ['-C', config, '-bdf', '-oX', `127.0.0.1.${port}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    t.teardown(() => {
      exim.kill('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    });
    const log = (): string => {
      const path = join(folder, 'log-main');
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    await until('exim', () => /listening for SMTP/.test(log()));

    const ways = new NodeNoticeWays();
    const base = { journal: false, wall: false, motd: false, desktop: false, beep: false };
    const to = { ...base, mail_to: ['ops@example.org'], mail_from: 'raid@example.org' };
    const overNetwork = {
      ...to,
      smtp: { host: '127.0.0.1', port, user: 'me', password_file, ca_file: caFile },
    };
    const event: DueEvent = { how: 'new', event: fault('degraded') };
    const send = async (
      settings: typeof to,
      outside: (argv: readonly [string, ...string[]]) => readonly [string, ...string[]],
    ) => {
      const notice = { message: renderMessage([event], 'box'), events: [event], isTest: false };
      const [channel] = channelsOf({ runner: answeringRunner() }, ways, {
        ...{ settings: { security: 'starttls', ...settings } as never, hostName: 'box' },
        ...{ mdmonitorMails: false, desktops: [], outside },
      });
      return channel?.send(notice);
    };
    const mailbox = (): string => {
      const path = join(folder, 'mailbox');
      return existsSync(path) ? readFileSync(path, 'utf8') : '';
    };
    const arrived = (): number =>
      mailbox().match(/^Subject: \[reliable-raid\] box: array root \(md0\) lacks a disk$/gm)?.length ?? 0;

    t.equal(await send(overNetwork, (argv) => argv), null);
    await until('the first mail', () => arrived() === 1);
    t.match(log(), / <= raid@example\.org .* X=TLS1\.\d.* A=plain:me /, 'with TLS and the login');
    writeFileSync(password_file, 'wrong\n', { mode: 0o600 });
    t.match(await send(overNetwork, (argv) => argv), /535/);

    // The program of that name, with this server's configuration.
    t.equal(await send(to, ([, ...options]) => [EXIM, '-C', config, ...options]), null);
    await until('the second mail', () => arrived() === 2);
    t.match(mailbox(), /with local \(Exim/, 'by the program itself');
  },
);
