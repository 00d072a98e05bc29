import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'tap';
import { NodeNoticeWays } from '../../src/adapters/node/notice-ways.ts';

const ways = new NodeNoticeWays();
const MAIL = { from: 'a@example.org', to: ['b@example.org'], subject: 's', body: 'hello\n', headers: {} };

const portOf = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** Speaks as much SMTP as one mail with a login needs, without TLS; what came over it. */
function mailServer(greeting = '220 test ESMTP\r\n') {
  const got: string[] = [];
  const server = createServer((socket) => {
    let inData = false;
    socket.write(greeting);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      for (const line of chunk.toString().split('\r\n').slice(0, -1)) {
        got.push(line);
        if (inData && line !== '.') continue;
        if (line.startsWith('EHLO')) socket.write('250-test\r\n250 AUTH PLAIN\r\n');
        else if (line.startsWith('AUTH')) socket.write('235 ok\r\n');
        else if (line === 'DATA') socket.write('354 go on\r\n');
        else socket.write('250 ok\r\n');
        inData = line === 'DATA';
      }
    });
  });
  return { server, got };
}

test('a mail with a login; and none to a server without TLS where TLS is asked for', async (t) => {
  const passwordFile = join(t.testdir({ password: 'secret\n' }), 'password');
  chmodSync(passwordFile, 0o600);
  const { server, got } = mailServer();
  const port = await portOf(server);
  t.teardown(() => server.close());
  const to = { host: '127.0.0.1', port, user: 'me', passwordFile, caFile: null };
  t.equal(await ways.sendMail({ ...to, security: 'none' }, MAIL, 5000), null);
  t.ok(got.includes(`AUTH PLAIN ${Buffer.from('\0me\0secret').toString('base64')}`));
  t.ok(got.includes('hello') && got.includes('Subject: s'));
  got.length = 0;
  t.type(await ways.sendMail({ ...to, security: 'starttls' }, MAIL, 5000), 'string');
  t.notOk(
    got.some((line) => line.startsWith('AUTH') || line.startsWith('MAIL')),
    'no password in the clear',
  );
  chmodSync(passwordFile, 0o644);
  t.match(await ways.sendMail({ ...to, security: 'none' }, MAIL, 5000), /others may read it/);
});

test('a server that is down, silent, or talks nonsense', async (t) => {
  const to = {
    host: '127.0.0.1',
    port: 1,
    security: 'none',
    user: null,
    passwordFile: null,
    caFile: null,
  } as const;
  t.match(await ways.sendMail(to, MAIL, 2000), /ECONNREFUSED/);
  for (const greeting of ['', 'HTTP/1.1 400 no\r\n', '554 go away\r\n']) {
    const { server } = mailServer(greeting);
    const port = await portOf(server);
    t.type(await ways.sendMail({ ...to, port }, MAIL, 500), 'string', JSON.stringify(greeting));
    server.close();
  }
});

test('a speaker gets tones and silence as the kernel reads them, and is not made where it is missing', async (t) => {
  const folder = t.testdir({ speaker: '' });
  const path = join(folder, 'speaker');
  t.equal(await ways.beep(path, 2), null);
  // struct input_event, 64 bits: 16 bytes of time, type EV_SND, code SND_TONE, value.
  const events = readFileSync(path);
  const read = [0, 24, 48, 72].map((at) => [
    ...[events.readUInt16LE(at + 16), events.readUInt16LE(at + 18), events.readInt32LE(at + 20)],
  ]);
  t.same(
    read,
    [880, 0, 880, 0].map((hz) => [0x12, 2, hz]),
  );
  t.equal(events.length, 96);
  t.match(await ways.beep(`${path}.none`, 1), /ENOENT/);
  t.notOk(existsSync(`${path}.none`));
});

test('a program reads its input, and a failing one is told', async (t) => {
  const script = join(t.testdir({ sendmail: '' }), 'sendmail');
  writeFileSync(script, '#!/bin/sh\ncat > "$0.got"; [ "$1" = -t ] || { echo "bad option" >&2; exit 75; }\n');
  chmodSync(script, 0o755);
  t.equal(await ways.feed([script, '-t'], 'text', 10_000), null);
  t.match(await ways.feed([script], 'text', 10_000), /bad option/);
  t.type(await ways.feed([`${script}.none`], 'text', 10_000), 'string');
});

test('a URL gets text and headers; an error is told', async (t) => {
  const got: string[] = [];
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      got.push(`${request.method} ${request.url} ${request.headers['title']} ${body}`);
      response.statusCode = request.url === '/topic' ? 200 : 403;
      response.end();
    });
  });
  const url = `http://127.0.0.1:${await portOf(server)}`;
  t.teardown(() => server.close());
  t.equal(await ways.post(`${url}/topic`, { Title: 'x' }, 'text', 10_000), null);
  t.same(got, ['POST /topic x text']);
  t.match(await ways.post(`${url}/other`, {}, 'text', 10_000), /403/);
  t.match(await ways.post('http://127.0.0.1:1/', {}, '', 10_000), /ECONNREFUSED|fetch failed/);
});

/** What a server may do that is none: with each connection, until it is closed. */
const BAD_TOPICS: Readonly<Record<string, (socket: Socket) => void>> = {
  'says nothing': () => undefined,
  'hangs up at once': (socket) => socket.destroy(),
  'speaks another language': (socket) => socket.write('220 here ESMTP\r\n'),
  'never ends its header': (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    const timer = setInterval(() => socket.write(`X-More: ${'x'.repeat(80)}\r\n`), 50);
    socket.on('close', () => clearInterval(timer));
  },
  'sends elsewhere': (socket) =>
    socket.write('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n'),
};

test('a topic that is slow, hangs up, answers garbage or sends elsewhere has not taken it, and holds nothing up', async (t) => {
  for (const [what, act] of Object.entries(BAD_TOPICS)) {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      act(socket);
    });
    const port = await portOf(server);
    const why = await ways.post(`http://127.0.0.1:${port}/topic`, {}, 'text', 1500);
    t.type(why, 'string', what);
    t.ok((why ?? '').length <= 200, 'no more of an answer than a line');
    for (const socket of sockets) socket.destroy();
    server.close();
  }
});

test('a topic that took it and never ends its answer has taken it', async (t) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    const timer = setInterval(() => socket.write('1\r\nx\r\n'), 50);
    socket.on('close', () => clearInterval(timer));
  });
  const port = await portOf(server);
  t.equal(await ways.post(`http://127.0.0.1:${port}/topic`, {}, 'text', 60_000), null);
  for (const socket of sockets) socket.destroy();
  server.close();
});
