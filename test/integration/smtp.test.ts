// A mail through a real SMTP server: TLS with a certificate, a login, and what becomes of a mail where that does not work.
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { test } from 'tap';
import { NodeNoticeWays } from '../../src/adapters/node/notice-ways.ts';
import { channelsOf } from '../../src/app/notices/channels.ts';
import { deliver } from '../../src/app/notices/deliver.ts';
import type { DueEvent } from '../../src/core/notices/event.ts';
import type { UnsentMessage } from '../../src/core/notices/told.ts';
import { renderMessage } from '../../src/core/render/notices/message-text.ts';
import type { SmtpServer } from '../../src/ports/notice-ways.ts';
import { answeringRunner } from '../support/answering-runner.ts';
import { fault } from '../support/notice-events.ts';

const ways = new NodeNoticeWays();
const MAIL = {
  from: 'reliable-raid <raid@example.org>',
  to: ['ops@example.org', 'me@example.org'],
  subject: '[reliable-raid] box: array root (md0) lacks a disk',
  body: 'Array root (md0) lacks a disk.\n.\n.. a line of dots ends no mail\n',
  headers: { 'Auto-Submitted': 'auto-generated' },
};
/** A machine that is busy with other things is no server that is down. */
const ENOUGH_MS = 60_000;

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const NEEDS_OPENSSL = {
  skip: hasOpenssl ? false : 'openssl makes the certificate of the server; it is not here',
};

const SUBJECT = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];

function keysIn(folder: string): { readonly key: string; readonly cert: string; readonly caFile: string } {
  const [key, caFile] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    key,
    '-out',
    caFile,
  ];
  execFileSync('openssl', [...made, ...SUBJECT], { stdio: 'ignore' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(caFile, 'utf8'), caFile };
}

interface Got {
  readonly user: string;
  readonly isSecure: boolean;
  readonly to: readonly string[];
  readonly text: string;
}

/** Takes mails from `me` with the password `secret`, and only over TLS where it can have it. */
async function realServer(options: SMTPServerOptions, atPort = 0) {
  const got: Got[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    logger: false,
    ...options,
    onAuth: ({ username = '', password = '' }, session, answer) => {
      logins.push(`${username}:${password}:${session.secure}`);
      if (username === 'me' && password === 'secret') answer(null, { user: username });
      else answer(new Error('no such user'));
    },
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        got.push({ user: String(session.user), isSecure: session.secure, to, text });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(atPort, '127.0.0.1', resolve);
  });
  const { port } = server.server.address() as AddressInfo;
  return { got, logins, port, close: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

function passwordFile(folder: string, text: string, mode: number): string {
  const path = join(folder, 'password');
  chmodSync(path, 0o600);
  execFileSync('/bin/sh', ['-c', 'printf %s "$1" > "$2"', 'sh', text, path]);
  chmodSync(path, mode);
  return path;
}

test('STARTTLS and a login: the mail arrives once, whole, to each', NEEDS_OPENSSL, async (t) => {
  const folder = t.testdir({ password: '' });
  const { key, cert, caFile } = keysIn(folder);
  const { got, logins, port, close } = await realServer({ key, cert, authOptional: false });
  t.teardown(close);
  const to: SmtpServer = {
    ...{ host: '127.0.0.1', port, security: 'starttls', user: 'me', caFile },
    passwordFile: passwordFile(folder, 'secret\n', 0o600),
  };
  t.equal(await ways.sendMail(to, MAIL, ENOUGH_MS), null);
  t.match(got, [{ user: 'me', isSecure: true, to: ['ops@example.org', 'me@example.org'] }]);
  t.equal(got.length, 1);
  const [head = '', body = ''] = (got[0]?.text ?? '').split('\r\n\r\n');
  t.match(head, 'Subject: [reliable-raid] box: array root (md0) lacks a disk');
  t.match(head, 'Auto-Submitted: auto-generated');
  t.equal(body.replaceAll('\r\n', '\n').trimEnd(), MAIL.body.trimEnd(), 'no dot of the text ends it');
  t.same(logins, ['me:secret:true'], 'the password went over TLS');

  t.match(await ways.sendMail({ ...to, caFile: null }, MAIL, ENOUGH_MS), /self[- ]signed|certificate/i);
  t.match(await ways.sendMail({ ...to, caFile: join(folder, 'none') }, MAIL, ENOUGH_MS), /ENOENT/);
  t.match(await ways.sendMail({ ...to, caFile: join(folder, 'key.pem') }, MAIL, ENOUGH_MS), /no certificate/);
  t.equal(logins.length, 1, 'a server that nobody vouches for gets no password');

  t.match(
    await ways.sendMail({ ...to, passwordFile: passwordFile(folder, 'wrong', 0o600) }, MAIL, ENOUGH_MS),
    /535|login|auth/i,
  );
  t.match(
    await ways.sendMail({ ...to, passwordFile: passwordFile(folder, 'secret', 0o640) }, MAIL, ENOUGH_MS),
    /others may read it/,
  );
  t.match(
    await ways.sendMail({ ...to, user: null, passwordFile: null }, MAIL, ENOUGH_MS),
    /530|authentication/i,
  );
  t.equal(got.length, 1, 'none of these came through');
});

test('TLS from the first byte', NEEDS_OPENSSL, async (t) => {
  const folder = t.testdir({ password: '' });
  const { key, cert, caFile } = keysIn(folder);
  const { got, port, close } = await realServer({ key, cert, secure: true });
  t.teardown(close);
  const to: SmtpServer = {
    ...{ host: '127.0.0.1', port, security: 'tls', user: 'me', caFile },
    passwordFile: passwordFile(folder, 'secret', 0o400),
  };
  t.equal(await ways.sendMail(to, MAIL, ENOUGH_MS), null);
  t.match(got, [{ user: 'me', isSecure: true }]);
});

test('a server that refuses a mail is told in its own words', async (t) => {
  const { got, port, close } = await realServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] },
    onRcptTo: (_address, _session, answer) => answer(new Error('no such mailbox')),
  });
  t.teardown(close);
  const to: SmtpServer = {
    ...{ host: '127.0.0.1', port, security: 'none', user: null, passwordFile: null, caFile: null },
  };
  t.match(await ways.sendMail(to, MAIL, ENOUGH_MS), /no such mailbox/);
  t.match(await ways.sendMail({ ...to, security: 'starttls' }, MAIL, ENOUGH_MS), /STARTTLS|TLS/);
  t.same(got, []);
});

/** What a server may do that is none: with each connection, until it is closed. */
const BAD_SERVERS: Readonly<Record<string, (socket: Socket) => void>> = {
  'says nothing': () => undefined,
  'hangs up at once': (socket) => socket.destroy(),
  'speaks another language': (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'),
  'sends noise': (socket) =>
    socket.write(Buffer.from(Array.from({ length: 4096 }, (_, n) => (n * 37) & 255))),
  'never ends its greeting': (socket) => {
    const timer = setInterval(() => socket.write('220-wait\r\n'), 100);
    socket.on('close', () => clearInterval(timer));
  },
  'greets and answers nothing': (socket) => socket.write('220 here ESMTP\r\n'),
  'greets and answers noise': (socket) => {
    socket.write('220 here ESMTP\r\n');
    socket.on('data', () => socket.write('\x1b[2J\u0000\xff\r\n'));
  },
  'is busy': (socket) => socket.end('421 too many connections\r\n'),
};

test('a server that is slow, hangs up or answers garbage holds nothing up', async (t) => {
  for (const [what, act] of Object.entries(BAD_SERVERS)) {
    const sockets = new Set<Socket>();
    const server: Server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      act(socket);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const to: SmtpServer = {
      ...{ host: '127.0.0.1', port, security: 'none', user: null, passwordFile: null, caFile: null },
    };
    const why = await ways.sendMail(to, MAIL, 1500);
    t.type(why, 'string', what);
    t.ok((why ?? '').length <= 200, 'no more of an answer than a line');
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

test('what a server that is down did not take is kept, and sent later, once', async (t) => {
  const options: SMTPServerOptions = { authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'] };
  const { port, close } = await realServer(options);
  await close();
  const settings = {
    ...{
      journal: false,
      wall: false,
      motd: false,
      desktop: false,
      beep: false,
      mail_to: ['ops@example.org'],
    },
    smtp: { host: '127.0.0.1', port, security: 'none' as const },
  };
  const channels = channelsOf({ runner: answeringRunner() }, ways, {
    ...{ settings, hostName: 'box', mdmonitorMails: false, desktops: [], outside: (argv) => argv },
  });
  const makeNotice = (events: readonly DueEvent[]) => ({
    ...{ message: renderMessage(events, 'box'), events, isTest: false },
  });
  const look = async (before: readonly UnsentMessage[], ...kinds: ('degraded' | 'image-outdated')[]) =>
    (
      await deliver(channels, {
        ...{ events: kinds.map((kind): DueEvent => ({ how: 'new', event: fault(kind, { key: kind }) })) },
        ...{ before, nowMs: 1, makeNotice },
      })
    ).unsent;
  const first = await look([], 'degraded');
  t.match(first, [{ channel: 'smtp', why: /ECONNREFUSED/ }]);
  const second = await look(first, 'image-outdated');
  t.equal(second.length, 2);
  const up = await realServer(options, port);
  t.teardown(up.close);
  const third = await look(second);
  t.same(third, []);
  t.same(await look(third), []);
  t.same(
    up.got.map(({ text }) =>
      /^Subject: (.*)$/m
        .exec(text)?.[1]
        ?.replace(/^.*box: /, '')
        .trim(),
    ),
    ['array root (md0) lacks a disk', 'the boot image is older than the arrays'],
  );
});
