import { nextWakeAtMs } from '../../core/engine/advance.ts';
import type { CommandEffect, Effect } from '../../core/engine/effects.ts';
import type { EngineEvent } from '../../core/engine/events.ts';
import type { Message } from '../../core/engine/messages.ts';
import type { EngineState } from '../../core/engine/state.ts';
import { step } from '../../core/engine/step.ts';
import { renderMessage } from '../../core/render/console/message.ts';
import type { Outcome, TimelineFact } from '../../core/report/timeline.ts';
import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import type { Machine } from '../machine.ts';
import { runPath, SHELL_LOCK } from '../own-places.ts';
import type { DeviceObserver } from '../read/device-observer.ts';
import { ConsoleScreen } from './console-screen.ts';
import { DeviceLooks } from './device-looks.ts';
import { readEngineCost } from './engine-cost.ts';
import { KeyInput } from './key-input.ts';
import type { BootReport } from './report-writer.ts';
import { runCommand } from './run-command.ts';

/** Events drive the engine; this look at everything is only a net for one that got lost. */
const SAFETY_POLL_MS = 5_000;

/** The shim's watchdog wants to see this often that the engine is alive. */
const HEARTBEAT_MS = 1_000;

/** A password agent of systemd opens the console some time after its question: this is soon enough to be gone by then. */
const PROMPT_LOOK_MS = 250;

/** An emergency shell opens on the consoles when a mount has failed: this is soon enough to be gone by then. */
const HOLD_LOOK_MS = 1_000;

/** A splash that starts late covers what was said, and one that ends takes it along. */
const SPLASH_LOOK_MS = 1_000;

/** What differs between a boot, a command by hand, and the time after the boot image. */
export interface Surroundings {
  /** Told of each look before anything is decided by it. */
  readonly seen?: (snapshot: Snapshot) => Promise<void>;
  /** The consoles are the boot's: while a passphrase is asked for there, the wait stands still. */
  readonly heedsPrompts?: boolean;
  /** After the boot image: whether systemd holds the boot. Only then are the consoles spoken to. */
  readonly isBootHeld?: () => Promise<boolean>;
  /** systemd's status line is on the consoles as well. */
  readonly besideStatus?: boolean;
  /** What is said goes here as well, line by line. */
  readonly log?: (line: string) => void;
}

/**
 * Runs the engine against the machine until it finishes. The one place where effects become acts; one event at a time,
 * one command at a time, while keys, ticks and devices go on being heard.
 */
export class EngineLoop {
  private state: EngineState;
  private readonly machine: Machine;
  private readonly observer: DeviceObserver;
  private readonly report: BootReport;
  private readonly screen: ConsoleScreen;
  private readonly looks: DeviceLooks;
  private readonly queue: EngineEvent[] = [];
  private readonly seen: (snapshot: Snapshot) => Promise<void>;
  private readonly heedsPrompts: boolean;
  private readonly isBootHeld: (() => Promise<boolean>) | undefined;
  private readonly log: (line: string) => void;
  private firstDecisionAtMs: number | null = null;
  private decidedAtMs = 0;
  private pumping = false;
  private promptIsOpen = false;
  /** What commands were about since udev last settled: what comes of them may not be there before. */
  private readonly touched = new Set<string>();
  private cancelWake: () => void = () => undefined;
  private cancelPeriodic: (() => void)[] = [];
  private done: (outcome: Outcome) => void = () => undefined;
  private broken: (error: unknown) => void = () => undefined;

  constructor(
    state: EngineState,
    machine: Machine,
    observer: DeviceObserver,
    report: BootReport,
    {
      seen = async () => undefined,
      heedsPrompts = false,
      isBootHeld,
      besideStatus = isBootHeld !== undefined,
      log = () => undefined,
    }: Surroundings = {},
  ) {
    this.state = state;
    this.seen = seen;
    this.heedsPrompts = heedsPrompts;
    this.isBootHeld = isBootHeld;
    this.log = log;
    this.machine = machine;
    this.observer = observer;
    this.report = report;
    this.looks = new DeviceLooks(
      machine.clock,
      observer,
      (snapshot) => this.post({ kind: 'devices', atMs: machine.clock.nowMs(), snapshot }),
      (error) => this.broken(error),
    );
    const keys = new KeyInput(machine.clock, (key, console) =>
      this.post({ kind: 'key', atMs: machine.clock.nowMs(), key, console }),
    );
    this.screen = new ConsoleScreen(machine, (name, bytes) => keys.take(name, bytes), { besideStatus });
  }

  async run(): Promise<Outcome> {
    const finished = new Promise<Outcome>((resolve, reject) => {
      this.done = resolve;
      this.broken = reject;
    });
    // A failure before the promise is awaited must not end the program as unhandled.
    finished.catch(() => undefined);
    this.record({ kind: 'engine-started' });
    // What is decided at the first look may depend on it: an array that nobody is left to wait for, and a person may start.
    if (this.isBootHeld !== undefined) this.attend(await this.isBootHeld());
    this.periodically(HEARTBEAT_MS, () => this.beat());
    this.periodically(SAFETY_POLL_MS, () => this.looks.poll());
    this.oneAtATime(
      SPLASH_LOOK_MS,
      () => this.screen.lookForSplash(),
      () => undefined,
    );
    if (this.heedsPrompts || this.isBootHeld !== undefined)
      this.periodically(PROMPT_LOOK_MS, () => {
        this.lookForPrompt().catch((error: unknown) => this.broken(error));
      });
    if (this.isBootHeld !== undefined)
      this.oneAtATime(HOLD_LOOK_MS, this.isBootHeld, (attended) => this.attend(attended));
    try {
      return await finished;
    } finally {
      this.looks.end();
      this.cancelWake();
      for (const cancel of this.cancelPeriodic) cancel();
      await this.report.flush();
      // Last: what is typed until then is not left for whoever reads the consoles next.
      await this.screen.close();
    }
  }

  private record(fact: TimelineFact): void {
    this.report.add({ atMs: this.machine.clock.nowMs(), ...fact });
  }

  private periodically(everyMs: number, call: () => void): void {
    const index = this.cancelPeriodic.length;
    const again = (): void => {
      call();
      this.cancelPeriodic[index] = this.machine.clock.after(everyMs, again);
    };
    this.cancelPeriodic[index] = this.machine.clock.after(everyMs, again);
    call();
  }

  /** The next question is put when the last one has been answered. */
  private oneAtATime<T>(everyMs: number, ask: () => Promise<T>, take: (answer: T) => void): void {
    let isAsking = false;
    this.periodically(everyMs, () => {
      if (isAsking) return;
      isAsking = true;
      ask()
        .then(take)
        .then(() => {
          isAsking = false;
        })
        .catch((error: unknown) => this.broken(error));
    });
  }

  private attend(attended: boolean): void {
    if (attended !== this.state.attended)
      this.post({ kind: 'attendance', atMs: this.machine.clock.nowMs(), attended });
  }

  private beat(): void {
    const alive = runPath(this.machine.paths, 'alive');
    this.machine.files
      .writeValue(alive, `${Math.round(this.machine.clock.nowMs())}\n`)
      .catch(() => undefined);
    void this.report.flush();
  }

  /** While a passphrase is asked for (systemd's password agents), or dracut has opened a shell (rd.break=), what is typed is not for this program: the consoles are lent. */
  private async lookForPrompt(): Promise<void> {
    // A shell has them already: looked at again once it is left. Nor are they ours while nobody is served there.
    if (this.state.paused?.by === 'shell' || !this.state.attended) return;
    const questions = await this.machine.files.list(`${this.machine.paths.run}/systemd/ask-password`);
    const isOpen =
      questions.some((name) => name.startsWith('ask.')) || (await this.machine.files.exists(SHELL_LOCK));
    if (isOpen === this.promptIsOpen) return;
    this.promptIsOpen = isOpen;
    if (isOpen) await this.screen.lend('prompt');
    else await this.screen.takeBack();
    // After the boot image others ask, for what has nothing to do with these arrays: their wait goes on.
    if (this.heedsPrompts)
      this.post({ kind: 'passphrase-prompt', atMs: this.machine.clock.nowMs(), open: isOpen });
  }

  private post(event: EngineEvent): void {
    this.queue.push(event);
    if (this.pumping) return;
    this.pumping = true;
    void this.pump().then(
      () => {
        this.pumping = false;
      },
      (error: unknown) => this.broken(error),
    );
  }

  private async pump(): Promise<void> {
    for (let event = this.queue.shift(); event !== undefined; event = this.queue.shift()) {
      if (event.kind === 'devices') await this.seen(event.snapshot);
      const { state, effects } = step(this.state, event);
      this.state = state;
      this.decidedAtMs = event.atMs;
      this.firstDecisionAtMs ??= this.machine.clock.nowMs();
      for (const effect of effects) await this.execute(effect);
      if (event.kind === 'attendance' && !event.attended) await this.screen.close();
    }
    // Not before the first decision: often it is the last one.
    if (this.state.looked && this.state.outcome === null)
      this.looks.follow(this.machine.deviceEvents, (detail) =>
        this.record({ kind: 'events-lost', detail, lookEveryMs: SAFETY_POLL_MS }),
      );
    this.wakeLater();
  }

  /** Asks from the time of the last decision, not from now: what came due while its effects were carried out is still to be done. */
  private wakeLater(): void {
    this.cancelWake();
    const wakeAtMs = nextWakeAtMs(this.state, this.decidedAtMs);
    if (wakeAtMs === null) return;
    const delayMs = wakeAtMs - this.machine.clock.nowMs();
    this.cancelWake = this.machine.clock.after(Math.max(1, delayMs), () => this.tick());
  }

  private tick(): void {
    this.post({ kind: 'tick', atMs: this.machine.clock.nowMs() });
  }

  private async execute(effect: Effect): Promise<void> {
    switch (effect.kind) {
      case 'say':
        return this.say(effect.message);
      case 'countdown':
        return this.screen.drawCountdown(effect.countdown);
      case 'record':
        return this.report.add(effect.entry);
      case 'open-shell':
        return this.openShell(effect.console);
      case 'finish':
        this.report.finish(effect.outcome, await readEngineCost(this.machine, this.firstDecisionAtMs));
        return this.done(effect.outcome);
      case 'assemble':
      case 'run-array':
      case 'write-read-auto':
      case 'stop-array':
      case 'settle':
        void this.carryOut(effect).catch((error: unknown) => this.broken(error));
    }
  }

  private async say(message: Message): Promise<void> {
    this.log(renderMessage(message));
    if (this.state.attended) await this.screen.say(message);
  }

  private async carryOut(command: CommandEffect): Promise<void> {
    const { ok, steps, detail } = await runCommand(command, this.machine);
    if (command.kind !== 'settle') this.record({ kind: 'command', array: command.uuid, steps, ok, detail });
    for (const device of devicesOf(command)) this.touched.add(device);
    const snapshot = await this.observer.rescanAround([...this.touched]);
    if (command.kind === 'settle') this.touched.clear();
    this.post({ kind: 'command-finished', atMs: this.machine.clock.nowMs(), command, ok, detail, snapshot });
  }

  /** Not awaited by the pump: the engine goes on seeing devices while a person works. */
  private async openShell(console: string): Promise<void> {
    const { watchlist, snapshot, options } = this.state;
    await this.screen.lend('shell', { kind: 'shell-greeting', watchlist, snapshot, stale: options.stale });
    await this.report.flush();
    void this.machine.consoles
      .shell(console)
      .then(() => this.screen.takeBack())
      .then(() => this.observer.rescanAll())
      .then((snapshot) => {
        const atMs = this.machine.clock.nowMs();
        this.post({ kind: 'devices', atMs, snapshot });
        this.post({ kind: 'shell-left', atMs });
      })
      .catch((error: unknown) => this.broken(error));
  }
}

function devicesOf(command: CommandEffect): readonly string[] {
  if (command.kind === 'settle') return [];
  return command.kind === 'assemble' ? command.devices : [command.device];
}
