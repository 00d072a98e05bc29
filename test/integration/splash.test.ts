// The boot engine's side of plymouth's protocol, against a server that keeps to what plymouthd does (ply-boot-server.c, main.c).
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Test, test } from 'tap';
import { hostArch } from '../../tools/build/arch.ts';
import { buildBootEngine } from '../../tools/build/build-boot-engine.ts';
import { DIST } from '../../tools/project.ts';

const program = await buildBootEngine(
  hostArch(),
  'test/support/splash-program-quickjs.ts',
  join(DIST, '.cache', 'test-engine', 'splash-program'),
);

const ACKNOWLEDGED = Buffer.of(6);
const NO_ANSWER = Buffer.of(5);

const answer = (text: string): Buffer => {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(text.length);
  return Buffer.concat([Buffer.of(2), size, Buffer.from(text)]);
};

/** Takes one request at a time from each connection; a watch is for one key. */
class Plymouthd {
  readonly address = `/reliable-raid-test/${randomUUID()}`;
  readonly heard: string[] = [];
  private readonly watches: { readonly keys: string; readonly socket: Socket }[] = [];
  private readonly server: Server;
  private readonly unheard: (() => void)[] = [];
  isDeaf = false;
  /** After the first request. */
  isDeafNext = false;

  constructor() {
    this.server = createServer((socket) => {
      let received = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        for (let size = sizeOfFirst(received); size > 0; size = sizeOfFirst(received)) {
          const request = received.subarray(0, size);
          if (this.isDeaf || (this.isDeafNext && this.heard.length > 0))
            this.unheard.push(() => this.hear(request, socket));
          else this.hear(request, socket);
          received = received.subarray(size);
        }
      });
    });
  }

  listen(t: Test): Promise<void> {
    t.teardown(() => this.server.close());
    return new Promise((resolve) => this.server.listen({ path: `\0${this.address}` }, resolve));
  }

  /** What it did not get to is heard now. */
  wake(): void {
    this.isDeafNext = false;
    for (const hear of this.unheard.splice(0)) hear();
  }

  /** In two pieces, as a stream may come. */
  async press(key: string, line = key): Promise<void> {
    const find = (): number => this.watches.findIndex(({ keys }) => keys.includes(key));
    // A key between two watches is nobody's.
    while (find() < 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [watch] = this.watches.splice(find(), 1);
    const bytes = answer(line);
    watch?.socket.write(bytes.subarray(0, 3));
    await new Promise((resolve) => setTimeout(resolve, 20));
    watch?.socket.write(bytes.subarray(3));
  }

  private hear(request: Buffer, socket: Socket): void {
    const letter = String.fromCharCode(request[0] ?? 0);
    const argument = request[1] === 2 ? request.subarray(3, -1).toString() : null;
    this.heard.push(argument === null ? letter : `${letter} ${argument}`);
    if (letter === 'K') this.watches.push({ keys: argument ?? '', socket });
    else {
      if (letter === 'L') {
        const at = this.watches.findIndex(({ keys }) => keys === argument);
        const [watch] = at < 0 ? [] : this.watches.splice(at, 1);
        watch?.socket.write(NO_ANSWER);
      }
      socket.write(ACKNOWLEDGED);
    }
  }
}

function sizeOfFirst(received: Buffer): number {
  if (received.length < 2) return 0;
  if (received[1] !== 2) return 2;
  const size = 3 + (received[2] ?? Number.POSITIVE_INFINITY);
  return received.length < size ? 0 : size;
}

async function speak(
  t: Test,
  address: string,
  mode: string,
  onLine: (line: unknown) => void = () => undefined,
): Promise<{ readonly status: number | null; readonly lines: readonly unknown[] }> {
  const child: ChildProcess = spawn(program, [address, mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => child.kill('SIGKILL'));
  const lines: unknown[] = [];
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(JSON.parse(line));
      onLine(lines.at(-1));
    });
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { status, lines };
}

test('messages replace each other, keys come one by one, and nothing is left behind', async (t) => {
  const plymouthd = new Plymouthd();
  await plymouthd.listen(t);
  const { status, lines } = await speak(t, plymouthd.address, 'all', async (line) => {
    if (line !== 'watching') return;
    await plymouthd.press('d');
    await plymouthd.press('\n', 'typed before\n');
    await plymouthd.press('2');
  });
  t.equal(status, 0);
  t.strictSame(lines, [{ cover: 'text' }, 'watching', { typed: [100, 13, 50] }]);
  const { heard } = plymouthd;
  const [withKeys, withReturn] = ['K dDyYnN123456789', 'K \n'];
  t.strictSame(heard.slice(0, 4), ['P', 'M first\n9 s', 'm first\n9 s', `M ${'x'.repeat(126)}`]);
  t.strictSame(heard.filter((request) => request === withKeys).length, 3);
  t.strictSame(heard.filter((request) => request === withReturn).length, 2);
  t.strictSame(heard.slice(-7), [
    ...['L dDyYnN123456789', 'L \n', `m ${'x'.repeat(126)}`],
    ...['M ', 'm ', 'D', 'r'],
  ]);
});

test('one that is busy stays what it was, and hears later what it was told meanwhile', async (t) => {
  const plymouthd = new Plymouthd();
  await plymouthd.listen(t);
  plymouthd.isDeafNext = true;
  let hasWoken = false;
  const { lines } = await speak(t, plymouthd.address, 'busy', (line) => {
    if (line === 'gave way') t.ok(hasWoken, 'the terminal is not handed on before plymouth has let go of it');
    if (line !== 'gives way') return;
    t.strictSame(plymouthd.heard, ['P']);
    // longer than anything else waits
    setTimeout(() => {
      hasWoken = true;
      plymouthd.wake();
    }, 3_000);
  });
  const seen = [{ cover: 'text' }, { cover: 'text' }, { cover: 'text', isQuick: true }];
  t.strictSame(lines, [...seen, 'gives way', 'gave way']);
  t.strictSame(plymouthd.heard, ['P', 'P', 'M said', 'D']);
});

test('no splash, one that answers nothing, and one of another user', async (t) => {
  t.strictSame((await speak(t, `/reliable-raid-test/${randomUUID()}`, 'look-twice')).lines, [
    { cover: null },
    { cover: null, isQuick: true },
  ]);
  const deaf = new Plymouthd();
  deaf.isDeaf = true;
  await deaf.listen(t);
  t.strictSame((await speak(t, deaf.address, 'look-twice')).lines, [
    { cover: null },
    { cover: null, isQuick: true },
  ]);
  if (process.getuid?.() !== 0) return;
  const address = `/reliable-raid-test/${randomUUID()}`;
  const listen = `require('net').createServer((c) => c.on('data', () => c.write('\\x06'))).listen({ path: '\\0${address}' }, () => console.log('listens'))`;
  const foreign = spawn(process.execPath, ['-e', listen], {
    ...{ uid: 65_534, gid: 65_534, stdio: ['ignore', 'pipe', 'inherit'] },
    env: { PATH: process.env['PATH'] },
  });
  t.teardown(() => foreign.kill('SIGKILL'));
  await new Promise((resolve) => foreign.stdout?.once('data', resolve));
  t.strictSame(
    (await speak(t, address, 'look-twice')).lines[0],
    { cover: null },
    'whoever may take its name',
  );
});
