import { test } from 'tap';
import type { CommandEffect } from '../../../src/core/engine/effects.ts';
import type { EngineEvent } from '../../../src/core/engine/events.ts';
import { runEngine, type SimulatedMachine } from '../../../src/core/explain/run-engine.ts';
import type { PresentMember, Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { engineState, mdOf, memberOf } from '../../support/engine-state.ts';
import { type ArrayPlan, watched } from '../../support/simulated-boot.ts';

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const one: readonly PresentMember[] = [memberOf(RAID1, 0, 'md0')];
const stopped = mdOf(RAID1, { state: 'inactive', degraded: null });
const running = mdOf(RAID1, { degraded: 1 });

/** A mirror of which one member is present; it runs once a command is obeyed. */
class Mirror implements SimulatedMachine {
  readonly acted: string[] = [];
  looks = 0;
  runs = false;
  readonly obeys: boolean;
  constructor(obeys = true) {
    this.obeys = obeys;
  }
  snapshot(): Snapshot {
    this.looks++;
    return { members: one, arrays: [this.runs ? running : stopped] };
  }
  act({ kind }: CommandEffect): boolean {
    this.acted.push(kind);
    if (kind === 'run-array' && this.obeys) this.runs = true;
    return kind === 'settle' || this.obeys;
  }
}
const state = (options = {}) => engineState([watched(RAID1)], { options, more: { looked: false } });

test('time goes from one thing that is due to the next, and each command takes some', async (t) => {
  const machine = new Mirror();
  const run = runEngine(state(), machine);
  t.match(run, { outcome: 'up', endMs: 21_100 });
  t.same(
    run.commands.map(({ atMs, command }) => [atMs, command.kind]),
    [
      [21_000, 'run-array'],
      [21_050, 'settle'],
    ],
  );
  t.same(machine.acted, ['run-array', 'settle']);
  t.equal(machine.looks, 3, 'at first and after each command');
  t.same(
    run.timeline.map(({ atMs, kind }) => [atMs, kind]),
    [
      [11_000, 'notice'],
      [21_000, 'deadline'],
      [21_050, 'array-started'],
      [21_100, 'finished'],
    ],
  );
  t.same(
    run.said.map(({ kind }) => kind),
    ['notice', 'starting', 'runs-degraded'],
  );
  t.equal(run.state.outcome, 'up');
  t.equal(run.steps, 14, 'the first look, the notice, each second of the countdown, two commands');
});

test('the first look is taken when the engine starts', async (t) => {
  t.match(runEngine(state({ startedAtMs: 70_000, generatorLimitAtMs: 70_000 }), new Mirror()), {
    outcome: 'up',
    commands: [{ atMs: 74_000 }, { atMs: 74_050 }],
  });
});

test('a command that is refused is heard as such', async (t) => {
  const run = runEngine(state(), new Mirror(false));
  t.equal(run.outcome, 'handover');
  t.match(
    run.timeline.find(({ kind }) => kind === 'start-failed'),
    { atMs: 21_050, reason: 'not-run', detail: 'refused' },
  );
});

test('what happens is heard in the order of time, never in the past, before what is due then', async (t) => {
  const heard: (readonly [string, number])[] = [];
  const key = (name: string, atMs: number) => ({
    atMs,
    happen: (nowMs: number): EngineEvent => {
      heard.push([name, nowMs]);
      return { kind: 'key', atMs: nowMs, key: 'escape', console: name };
    },
  });
  const run = runEngine(state(), new Mirror(), [key('late', 12_000), key('past', 100), key('same', 11_000)]);
  t.same(heard, [
    ['past', 3_000],
    ['same', 11_000],
    ['late', 12_000],
  ]);
  t.match(
    run.timeline.filter(({ kind }) => kind === 'key'),
    [{ console: 'late' }],
    'at 11 s the key came before the notice: it means nothing yet',
  );
  t.match(run, { outcome: 'up', endMs: 12_100 });
});

test('a clock that goes back does not turn the time back', async (t) => {
  const back = { atMs: 15_000, happen: (): EngineEvent => ({ kind: 'tick', atMs: 2_000 }) };
  const run = runEngine(state(), new Mirror(), [back]);
  t.match(run, { outcome: 'up', endMs: 21_100, steps: 15 });
});

test('a shell that nobody leaves: no end, and the run does not hang', async (t) => {
  const enter = (atMs: number): EngineEvent => ({ kind: 'key', atMs, key: 'return', console: 'tty0' });
  const run = runEngine(state(), new Mirror(), [{ atMs: 12_000, happen: enter }]);
  t.match(run, { outcome: null, endMs: 12_000, commands: [] });
  const left = (atMs: number): EngineEvent => ({ kind: 'shell-left', atMs });
  const later = runEngine(state(), new Mirror(), [
    { atMs: 12_000, happen: enter },
    { atMs: 42_000, happen: left },
  ]);
  t.match(later, { outcome: 'up', endMs: 51_100 });
});
