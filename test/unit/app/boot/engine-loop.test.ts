import t from 'tap';
import { EngineLoop } from '../../../../src/app/boot/engine-loop.ts';
import { BootReport } from '../../../../src/app/boot/report-writer.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { DeviceObserver } from '../../../../src/app/read/device-observer.ts';
import { type EngineOptions, initialState } from '../../../../src/core/engine/state.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import type { Files } from '../../../../src/ports/files.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import {
  type ArrayPlan,
  DEFAULT_OPTIONS,
  superblockOf,
  watchlistOf,
} from '../../../support/simulated-boot.ts';

/** Virtual time that also passes while the engine works: every look at the clock costs `READING_MS`. */
const READING_MS = 0.3;

class WorkingClock implements Clock {
  private atMs: number;
  private readonly timers = new Set<{ readonly atMs: number; readonly call: () => void }>();
  constructor(atMs: number) {
    this.atMs = atMs;
  }

  nowMs(): number {
    this.atMs += READING_MS;
    return this.atMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { atMs: this.atMs + delayMs, call };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Goes to the next timer whenever there is nothing left to do. */
  async runUntil(ended: () => boolean): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (ended()) return;
      const [next] = [...this.timers].sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) throw new Error('the engine waits for nothing');
      this.timers.delete(next);
      this.atMs = Math.max(this.atMs, next.atMs);
      next.call();
    }
  }
}

const HALF: ArrayPlan = { n: 1, level: 1, raidDevices: 2, degraded: 'never' };

/** When each thing was said of a mirror of which one half is there. */
async function momentsMs(
  options: EngineOptions,
  asksPassphrase: (nowMs: number) => boolean = () => false,
  hasShell: (nowMs: number) => boolean = () => false,
): Promise<Map<string, number>> {
  const clock = new WorkingClock(options.startedAtMs);
  const observer = new DeviceObserver({} as Files, REAL_PATHS);
  observer.rescanAround = observer.rescanAll = async () => ({
    members: [{ device: 'sda', superblock: superblockOf(HALF, 0), boundTo: null, faulty: false }],
    arrays: [],
  });
  const said = new Map<string, number>();
  const files = {
    readText: async () => null,
    exists: async (path: string) => path === '/.console_lock' && hasShell(clock.nowMs()),
    list: async (path: string) =>
      path === '/run/systemd/ask-password' && asksPassphrase(clock.nowMs())
        ? ['ask.Fw3', 'sck.1']
        : ['sck.1'],
    writeValue: async () => undefined,
    writeDurably: async () => undefined,
  } as unknown as Files;
  const machine = idleMachine(clock, files);
  const report = await BootReport.open(files, '', options.discoveryAtMs, []);
  const add = report.add.bind(report);
  report.add = (entry) => {
    said.set(entry.kind, entry.atMs);
    add(entry);
  };
  const state = initialState(watchlistOf([HALF]), options);
  let ended = false;
  const run = new EngineLoop(state, machine, observer, report, { heedsPrompts: true }).run().finally(() => {
    ended = true;
  });
  await clock.runUntil(() => ended);
  await run;
  return said;
}

const { discoveryAtMs, noticeAfterMs, generatorLimitAtMs } = DEFAULT_OPTIONS;
const waitOverMs = discoveryAtMs + 20_000;
const cases = [
  {
    title: 'with a notice and a countdown',
    noticeAfterMs,
    dueAtMs: {
      notice: discoveryAtMs + noticeAfterMs,
      'not-startable': waitOverMs,
      finished: generatorLimitAtMs,
    },
  },
  {
    title: 'without a notice before the deadline',
    noticeAfterMs: 60_000,
    dueAtMs: { 'not-startable': waitOverMs, finished: generatorLimitAtMs },
  },
];

for (const { title, noticeAfterMs, dueAtMs } of cases) {
  t.test(`what is due is done then, whatever the engine was doing just before: ${title}`, async (t) => {
    const late: string[] = [];
    // Its looks at everything, 5 s apart, end before, on and after each of them.
    for (let sinceMs = 4_980; sinceMs <= 5_001; sinceMs += 0.1) {
      const moments = await momentsMs({
        ...DEFAULT_OPTIONS,
        noticeAfterMs,
        startedAtMs: discoveryAtMs + sinceMs,
      });
      for (const [kind, dueMs] of Object.entries(dueAtMs)) {
        const byMs = (moments.get(kind) ?? Number.POSITIVE_INFINITY) - dueMs;
        if (!(byMs >= 0 && byMs < 50))
          late.push(`started ${sinceMs.toFixed(1)} ms after discovery: ${kind} by ${byMs.toFixed(1)} ms`);
      }
    }
    t.same(late, []);
  });
}

t.test(
  'while systemd asks for a passphrase, or dracut has a shell open, every wait stands still',
  async (t) => {
    const [fromMs, untilMs] = [discoveryAtMs + 12_000, discoveryAtMs + 112_000];
    const isOpen = (nowMs: number) => nowMs >= fromMs && nowMs < untilMs;
    const options = { ...DEFAULT_OPTIONS, startedAtMs: discoveryAtMs + 1_000 };
    for (const [what, of] of [
      ['a passphrase', [isOpen]],
      ['a shell', [undefined, isOpen]],
    ] as const) {
      const moments = await momentsMs(options, ...of);
      const at = (kind: string) => moments.get(kind) ?? Number.NaN;
      t.ok(at('passphrase-opened') - fromMs < 300, what);
      t.ok(at('passphrase-closed') - untilMs < 300, what);
      const stoodMs = at('passphrase-closed') - at('passphrase-opened');
      t.ok(Math.abs(at('not-startable') - waitOverMs - stoodMs) < 50, 'its deadline is that much later');
    }
  },
);
