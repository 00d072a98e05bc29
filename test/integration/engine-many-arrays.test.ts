import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { NodeClock } from '../../src/adapters/node/clock.ts';
import { NodeFiles } from '../../src/adapters/node/files.ts';
import { EngineLoop } from '../../src/app/boot/engine-loop.ts';
import { BootReport } from '../../src/app/boot/report-writer.ts';
import type { Machine } from '../../src/app/machine.ts';
import { DeviceObserver } from '../../src/app/read/device-observer.ts';
import { initialState } from '../../src/core/engine/state.ts';
import { mdUuidFromBytes } from '../../src/core/md/md-uuid.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../src/core/watchlist/watchlist.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DeviceEvent } from '../../src/ports/device-events.ts';
import { dashedUuid } from '../support/dashed-uuid.ts';
import { encode1 } from '../support/encode-superblock.ts';
import { idleMachine } from '../support/idle-machine.ts';
import { DEFAULT_OPTIONS } from '../support/simulated-boot.ts';
import { SimulatedSysfs } from '../support/simulated-sysfs.ts';
import { watchedMirror } from '../support/watched-array.ts';

const ARRAYS = 64;
const MEMBERS = 8;
const DEGRADED = 16;
/** Disks of a big enclosure come this fast. */
const EVENTS_PER_BURST = 8;
const BURST_EVERY_MS = 10;
/** A look for each event would be 320: it would be minutes behind on a machine of this size. */
const MAX_LOOKS = 64;
const FOREVER_MS = 3_600_000;
/** In memory, as sysfs is: the test's own writes must not hold up the engine. */
const FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const uuidBytes = (n: number): number[] => Array.from({ length: 16 }, (_, i) => (i === 0 ? n + 1 : 3));
const uuid = (n: number) => mdUuidFromBytes(Uint8Array.from(uuidBytes(n)));
const deviceBytes = (n: number, role: number): number[] =>
  Array.from({ length: 16 }, (_, i) => (i === 0 ? n + 1 : i === 1 ? role + 1 : 5));
const disk = (n: number, role: number): string => `sd${n}x${role}`;

const watched = (n: number): WatchedArray =>
  watchedMirror(uuid(n), {
    name: `a${n}`,
    devicePath: `/dev/md${n}`,
    level: 6,
    layout: 2,
    raidDevices: MEMBERS,
  });

const memberOf = (n: number, role: number): Uint8Array =>
  encode1(
    {
      arrayUuidBytes: uuidBytes(n),
      deviceUuidBytes: deviceBytes(n, role),
      level: 6,
      layout: 2,
      raidDevices: MEMBERS,
      number: role,
      roles: Array.from({ length: MEMBERS }, (_, other) => other),
    },
    8,
  );

const listOf = (count: number): Watchlist => ({
  schema: WATCHLIST_SCHEMA,
  hostName: 'h',
  settings: DEFAULT_SETTINGS,
  arrays: Array.from({ length: count }, (_, n) => watched(n)),
  ...{ tree: [], warnings: [] },
});

t.test('64 listed arrays of 8 members: the engine keeps up with their events', async (t) => {
  const folder = mkdtempSync(join(FOLDER, 'reliable-raid-many-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const sysfs = new SimulatedSysfs(folder);
  const bound: Record<string, string>[] = [];
  const arrive = (n: number, role: number): DeviceEvent[] => {
    sysfs.member(disk(n, role), memberOf(n, role));
    const with_ = { ...bound[n], [disk(n, role)]: 'in_sync' };
    bound[n] = with_;
    const whole = Object.keys(with_).length === MEMBERS;
    const running = whole
      ? { state: 'clean', uuid: dashedUuid(uuid(n)), degraded: 0 }
      : { state: 'inactive' };
    sysfs.array({ name: `md${n}`, bound: with_, ...running });
    const change: DeviceEvent[] = whole ? [{ action: 'change', device: `md${n}` }] : [];
    return [{ action: 'add', device: disk(n, role) }, ...change];
  };
  for (let n = 0; n < ARRAYS; n++) for (let role = 0; role < MEMBERS / 2; role++) arrive(n, role);

  const clock = new NodeClock();
  const files = new NodeFiles();
  const shown: string[] = [];
  let lastEventAtMs = 0;
  let looks = 0;
  const observer = new DeviceObserver(files, sysfs.paths);
  const rescan = observer.rescan.bind(observer);
  observer.rescan = (devices) => {
    looks++;
    return rescan(devices);
  };
  const idle = idleMachine(clock, files);
  const machine: Machine = {
    ...idle,
    runner: { run: async (argv) => t.fail(`nothing has to be run: ${argv.join(' ')}`) as never },
    deviceEvents: {
      watch: (onEvent) => {
        const coming = Array.from({ length: (ARRAYS * MEMBERS) / 2 }, (_, i) => ({
          n: i % ARRAYS,
          role: MEMBERS / 2 + Math.floor(i / ARRAYS),
        }));
        const burst = (): void => {
          for (const { n, role } of coming.splice(0, EVENTS_PER_BURST))
            for (const event of arrive(n, role)) onEvent(event);
          lastEventAtMs = clock.nowMs();
          if (coming.length > 0) clock.after(BURST_EVERY_MS, burst);
        };
        burst();
        return { listening: Promise.resolve(), end: () => undefined };
      },
      settle: async () => undefined,
    },
    consoles: {
      ...idle.consoles,
      open: async () => [{ name: 'test', write: (text) => shown.push(text) }],
    },
    paths: { ...sysfs.paths, proc: '/proc', etc: join(folder, 'etc'), varLib: join(folder, 'var/lib') },
  };
  const nowMs = clock.nowMs();
  const state = initialState(listOf(ARRAYS), {
    ...DEFAULT_OPTIONS,
    discoveryAtMs: nowMs,
    startedAtMs: nowMs,
    // How fast this machine is decides nothing here: no wait ends and no notice is due meanwhile.
    generatorLimitAtMs: nowMs + FOREVER_MS,
    noticeAfterMs: FOREVER_MS,
    waitMs: FOREVER_MS,
    maxWaitMs: FOREVER_MS,
  });
  const report = await BootReport.open(files, join(folder, 'boot.json'), nowMs, []);
  const outcome = await new EngineLoop(state, machine, observer, report).run();
  const lagMs = clock.nowMs() - lastEventAtMs;
  t.equal(outcome, 'up');
  t.same(shown, []);
  t.comment(
    `${(ARRAYS * MEMBERS) / 2} arrivals in ${Math.round(lastEventAtMs - nowMs)} ms, finished ${Math.round(lagMs)} ms after the last, ${looks} looks`,
  );
  t.ok(looks < MAX_LOOKS, `events that come while it looks are looked at together: ${looks} looks`);
});

t.test(
  '16 arrays that each lack a disk: what is read for a start does not grow with their number',
  async (t) => {
    const folder = mkdtempSync(join(FOLDER, 'reliable-raid-many-'));
    t.teardown(() => rmSync(folder, { recursive: true, force: true }));
    const sysfs = new SimulatedSysfs(folder);
    const present = MEMBERS - 1;
    const holds = (n: number, words: string) =>
      Object.fromEntries(Array.from({ length: present }, (_, role) => [disk(n, role), words]));
    for (let n = 0; n < DEGRADED; n++) {
      for (let role = 0; role < present; role++) sysfs.member(disk(n, role), memberOf(n, role));
      sysfs.array({ name: `md${n}`, state: 'inactive', bound: holds(n, 'spare') });
    }
    let reads = 0;
    const files = new (class extends NodeFiles {
      override readBytes(path: string, offset: number, length: number): Promise<Uint8Array | null> {
        reads++;
        return super.readBytes(path, offset, length);
      }
    })();
    const real = new NodeClock();
    // However slow this machine is, no poll comes between.
    const clock: Clock = {
      nowMs: () => real.nowMs(),
      after: (delayMs, call) => (delayMs >= 1_000 ? () => undefined : real.after(delayMs, call)),
    };
    const idle = idleMachine(clock, files);
    const ran: string[] = [];
    const machine: Machine = {
      ...idle,
      runner: {
        run: async (argv) => {
          ran.push(argv.slice(0, 2).join(' '));
          const name = argv.at(-1)?.replace(/.*\//, '') ?? '';
          const n = Number(name.slice('md'.length));
          const running = { state: 'read-auto', uuid: dashedUuid(uuid(n)), degraded: 1 };
          sysfs.array({ name, ...running, bound: holds(n, 'in_sync') });
          return { argv, status: 0, stdout: '', stderr: '', error: null };
        },
      },
      consoles: { ...idle.consoles, open: async () => [] },
      paths: { ...sysfs.paths, proc: '/proc', etc: join(folder, 'etc'), varLib: join(folder, 'var/lib') },
    };
    const nowMs = clock.nowMs();
    const state = initialState(listOf(DEGRADED), {
      ...{ ...DEFAULT_OPTIONS, discoveryAtMs: nowMs, startedAtMs: nowMs, waitMs: 0, maxWaitMs: 0 },
      ...{ noticeAfterMs: FOREVER_MS, generatorLimitAtMs: nowMs + FOREVER_MS },
    });
    const observer = new DeviceObserver(files, sysfs.paths);
    const report = await BootReport.open(files, join(folder, 'boot.json'), nowMs, []);
    t.equal(await new EngineLoop(state, machine, observer, report).run(), 'up');
    t.same(ran, Array(DEGRADED).fill('mdadm --run'));
    // Looks at all: the first, and when udev's events are heard. A start is followed by two: when it has ended, and when udev is done with it.
    const most = 2 * DEGRADED * present + DEGRADED * 2 * present;
    t.ok(reads <= most, `${reads} superblocks were read, ${most} at most`);
  },
);
