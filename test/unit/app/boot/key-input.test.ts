import { test } from 'tap';
import { KeyInput } from '../../../../src/app/boot/key-input.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** Time that stands still until told; what is due is called in order. */
class SteppedClock {
  private atMs = 1000;
  private due: { atMs: number; call: () => void }[] = [];

  nowMs(): number {
    return this.atMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { atMs: this.atMs + delayMs, call };
    this.due.push(timer);
    return () => {
      this.due = this.due.filter((other) => other !== timer);
    };
  }

  /** The program does nothing for so long, then calls once what is due: as an event loop that was held up. */
  pass(ms: number): void {
    this.atMs += ms;
    for (const timer of this.due.filter(({ atMs }) => atMs <= this.atMs)) {
      if (!this.due.includes(timer)) continue;
      this.due = this.due.filter((other) => other !== timer);
      timer.call();
    }
  }

  /** Time goes on without the program. */
  heldUp(ms: number): void {
    this.atMs += ms;
  }
}

test('keys of the consoles, also when the program was held up', async (t) => {
  const start = () => {
    const clock = new SteppedClock();
    const keys: string[] = [];
    const input = new KeyInput(clock, (key, name) => keys.push(`${name} ${key}`));
    const type = (text: string, name = 'ttyS0') => input.take(name, bytesOf(text));
    const settle = () => {
      for (let i = 0; i < 30; i++) clock.pass(10);
    };
    return { clock, keys, type, settle };
  };

  const lone = start();
  lone.type('\x1b');
  lone.clock.pass(90);
  t.strictSame(lone.keys, []);
  lone.settle();
  t.strictSame(lone.keys, ['ttyS0 escape']);

  const two = start();
  two.type('\x1b');
  two.type('d', 'tty0');
  two.settle();
  t.strictSame(two.keys, ['tty0 d', 'ttyS0 escape'], 'each console by itself');

  const readLate = start();
  readLate.type('\x1b');
  readLate.clock.heldUp(500);
  readLate.type('[D');
  readLate.settle();
  t.strictSame(readLate.keys, [], 'the rest of an arrow key was waiting to be read');

  const timersFirst = start();
  timersFirst.type('\x1b');
  timersFirst.clock.pass(500);
  timersFirst.type('[D');
  timersFirst.settle();
  t.strictSame(timersFirst.keys, [], 'the same in a loop that calls timers before it reads');

  const twice = start();
  twice.type('\x1b');
  twice.settle();
  twice.type('d');
  twice.settle();
  t.strictSame(twice.keys, ['ttyS0 escape', 'ttyS0 d']);
});
