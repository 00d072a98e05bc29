// QEMU's machine protocol: one JSON object a line over a unix socket.
import { connect, type Socket } from 'node:net';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export class Qmp {
  private readonly socket: Socket;
  private readonly pending = new Map<number, Pending>();
  private next = 1;
  private received = '';

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => this.receive(chunk.toString()));
    socket.on('error', () => this.abandon());
    socket.on('close', () => this.abandon());
  }

  static async connect(path: string): Promise<Qmp> {
    const qmp = new Qmp(await openSocket(path));
    await qmp.execute('qmp_capabilities');
    return qmp;
  }

  execute(command: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(text: string): void {
    this.received += text;
    const lines = this.received.split('\n');
    this.received = lines.pop() ?? '';
    for (const line of lines.filter((each) => each.trim() !== '')) this.answer(JSON.parse(line));
  }

  private answer(message: { id?: number; return?: unknown; error?: { desc: string } }): void {
    const pending = this.pending.get(message.id ?? 0);
    if (pending === undefined) return;
    this.pending.delete(message.id ?? 0);
    if (message.error === undefined) pending.resolve(message.return);
    else pending.reject(new Error(`QMP: ${message.error.desc}`));
  }

  private abandon(): void {
    for (const { reject } of this.pending.values()) reject(new Error('QMP: the emulator is gone'));
    this.pending.clear();
  }
}

/** Connects to a unix socket that another process is about to open. */
export async function openSocket(path: string, patienceMs = 15_000): Promise<Socket> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const socket = await new Promise<Socket | Error>((resolve) => {
      const attempt = connect(path);
      attempt.once('connect', () => resolve(attempt));
      attempt.once('error', resolve);
    });
    if (!(socket instanceof Error)) return socket;
    if (performance.now() > deadline) throw socket;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
