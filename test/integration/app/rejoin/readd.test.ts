import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { NodeFiles } from '../../../../src/adapters/node/files.ts';
import { type Machine, REAL_PATHS } from '../../../../src/app/machine.ts';
import { type ReaddRequest, readd } from '../../../../src/app/rejoin/readd.ts';
import type { RunResult } from '../../../../src/ports/runner.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { encode1, type SuperblockFields } from '../../../support/encode-superblock.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { SimulatedSysfs } from '../../../support/simulated-sysfs.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708';
const DASHED = '734f71cb-0c80-0a0c-0102-030405060708';
const FAULTY = 0xfffe;
const BITMAP = 1;
const superblock = (number: number, more: Partial<SuperblockFields> = {}): Uint8Array =>
  encode1({ number, deviceUuidBytes: Array(16).fill(number + 1), features: BITMAP, ...more }, 8, 100);

/** sda runs alone as md0; sdb is its other half. */
class Box {
  readonly folder: string;
  readonly sysfs: SimulatedSysfs;
  readonly timeouts: (number | undefined)[] = [];
  calls: readonly string[] = [];

  constructor(folder: string, other: Partial<SuperblockFields> = {}) {
    this.folder = folder;
    this.sysfs = new SimulatedSysfs(folder);
    this.sysfs.member('sda', superblock(0, { events: 60, roles: [0, FAULTY] }));
    this.sysfs.member('sdb', superblock(1, other));
    this.mirror({ sda: 'in_sync' });
  }

  mirror(bound: Readonly<Record<string, string>>, more: { state?: string; degraded?: number } = {}): void {
    this.sysfs.array({ name: 'md0', state: 'clean', uuid: DASHED, degraded: 1, bound, ...more });
  }

  async readd(
    request: Partial<ReaddRequest> = {},
    mdadm: (argv: readonly string[]) => Partial<RunResult> = () => ({}),
  ) {
    const runner = answeringRunner(mdadm);
    const clock = { nowMs: () => 0, after: () => () => undefined };
    const machine: Machine = {
      ...idleMachine(clock, new NodeFiles()),
      paths: { ...REAL_PATHS, ...this.sysfs.paths, varLib: `${this.folder}/var/lib` },
      runner: {
        run: (argv, options) => {
          this.timeouts.push(options?.timeoutMs);
          return runner.run(argv, options);
        },
      },
    };
    const outcomes = await readd(machine, { devices: [], dryRun: false, ...request });
    this.calls = runner.calls.map((call) => call.replaceAll(this.folder, ''));
    return outcomes.map((outcome) => ({
      ...outcome,
      command: outcome.command?.replaceAll(this.folder, '') ?? null,
    }));
  }
}
const COMMAND = 'mdadm /dev/md0 --re-add /dev/sdb';
const ADVICE = ['wipefs --all /dev/sdb', 'mdadm /dev/md0 --add /dev/sdb'];
const about = { device: 'sdb', disk: '', array: 'md0', arrayUuid: UUID, code: null };

test('it is a member only when the array has it afterwards, whatever mdadm says', async (t) => {
  const afterwards: readonly (readonly [
    what: string,
    bound: Readonly<Record<string, string>>,
    said: Partial<RunResult>,
    result: string,
    reason: RegExp,
  ])[] = [
    ['it is', { sda: 'in_sync', sdb: 'spare' }, {}, 're-added', /^role 1$/],
    ['it is, and mdadm complains', { sda: 'in_sync', sdb: 'spare' }, { status: 1 }, 're-added', /^role 1$/],
    [
      'it is not',
      { sda: 'in_sync' },
      {},
      'failed',
      /^mdadm reported success, but the array does not have it$/,
    ],
    ['failed at once', { sda: 'in_sync', sdb: 'faulty' }, {}, 'failed', /^mdadm reported success/],
    [
      'refused',
      { sda: 'in_sync' },
      { status: 1, stderr: 'no' },
      'failed',
      /^mdadm failed with status 1: no$/,
    ],
    [
      'hangs',
      { sda: 'in_sync' },
      { status: null, error: 'timed out' },
      'failed',
      /^mdadm could not be run: timed out$/,
    ],
  ];
  for (const [what, bound, said, result, reason] of afterwards) {
    const box = new Box(t.testdir());
    const [outcome, ...others] = await box.readd({}, () => {
      box.mirror(bound);
      return said;
    });
    t.match(outcome, { ...about, command: COMMAND, result, reason }, what);
    t.same(outcome?.advice, result === 'failed' ? ADVICE : [], what);
    t.same(others, []);
    t.same(box.calls, [COMMAND]);
    t.same(box.timeouts, [60_000]);
  }
});

test('a failure without a bitmap: why', async (t) => {
  const [outcome] = await new Box(t.testdir(), { features: 0 }).readd();
  t.match(
    outcome?.reason,
    /does not have it\. The array has no bitmap: md does not know what has changed since$/,
  );
});

test('--dry-run runs nothing', async (t) => {
  const box = new Box(t.testdir());
  t.strictSame(await box.readd({ dryRun: true }), [
    { ...about, command: COMMAND, result: 'would-re-add', reason: 'role 1', advice: [] },
  ]);
  t.same(box.calls, []);
});

test('S8: what may not come back is refused, and mdadm is not asked', async (t) => {
  const box = new Box(t.testdir(), { roles: [FAULTY, 1] });
  t.match(await box.readd(), [
    { ...about, result: 'refused', code: 'used-alone', command: null, advice: ADVICE },
  ]);
  t.same(box.calls, []);
});

test('S8: one that was never seen in the array', async (t) => {
  const box = new Box(t.testdir(), { deviceUuidBytes: Array(16).fill(9) });
  const member = (n: number) => ({
    deviceUuid: Array(4).fill(`0${n}`.repeat(4)).join(':'),
    ...{ role: n - 1, lastSeenMs: 1, events: 60 },
  });
  const entry = {
    ...{ arrayUuid: UUID, device: 'md0', recordedAtMs: 1, events: 60, updateTimeMs: 1 },
    ...{ inSync: [member(1)], seen: [member(1), member(2)] },
  };
  box.sysfs.file(
    'var/lib/reliable-raid/ledger.json',
    JSON.stringify({ schema: 'reliable-raid/ledger/1', entries: [entry] }),
  );
  t.match(await box.readd(), [{ result: 'refused', code: 'unknown-device' }]);
});

test('without a name: what is not bound, of degraded arrays that run', async (t) => {
  const cases: readonly (readonly [what: string, change: (box: Box) => void, devices: readonly string[]])[] =
    [
      ['degraded', () => undefined, ['sdb']],
      ['not degraded', (box) => box.mirror({ sda: 'in_sync' }, { degraded: 0 }), []],
      ['not running', (box) => box.mirror({ sda: 'in_sync' }, { state: 'inactive' }), []],
      ['bound already', (box) => box.mirror({ sda: 'in_sync', sdb: 'spare' }), []],
      [
        'of another array',
        (box) => box.sysfs.member('sdc', superblock(1, { arrayUuidBytes: Array(16).fill(7) })),
        ['sdb'],
      ],
    ];
  for (const [what, change, devices] of cases) {
    const box = new Box(t.testdir());
    change(box);
    t.same(
      (await box.readd({ dryRun: true })).map(({ device }) => device),
      devices,
      what,
    );
  }
});

test('what is named is answered in that order, and nothing else is touched', async (t) => {
  const box = new Box(t.testdir());
  box.sysfs.member('sdc', superblock(1, { arrayUuidBytes: Array(16).fill(7) }));
  const nothing = { disk: '', array: null, arrayUuid: null, code: null, command: null, advice: [] };
  t.strictSame(await box.readd({ devices: ['sdc', 'sda', 'x \u001by', 'none'] }), [
    {
      ...nothing,
      ...{ device: 'sdc', result: 'none' },
      reason: `its array ${Array(4).fill('07070707').join(':')} is not running`,
    },
    { ...nothing, device: 'sda', result: 'member', reason: 'it is already bound to md0' },
    { ...nothing, device: 'x \\x1by', result: 'none', reason: 'no such device' },
    { ...nothing, device: 'none', result: 'none', reason: 'no such device' },
  ]);
  t.same(box.calls, []);
});

test('the disk as a person knows it', async (t) => {
  const box = new Box(t.testdir());
  const udev = {
    ID_FS_TYPE: 'linux_raid_member',
    ID_FS_VERSION: '1.2',
    ID_MODEL: 'WDC',
    ID_SERIAL_SHORT: 'S1',
  };
  box.sysfs.member('sdb', superblock(1), '1.2', { udev });
  t.match(await box.readd({ dryRun: true }), [{ disk: 'WDC (serial S1)' }]);
});

function recordMembers(folder: string, deviceUuids: readonly string[]): void {
  mkdirSync(join(folder, 'var/lib/reliable-raid'), { recursive: true });
  const inSync = deviceUuids.map((deviceUuid, role) => ({ deviceUuid, role }));
  const entry = {
    arrayUuid: UUID,
    device: 'md0',
    recordedAtMs: 1,
    events: 50,
    updateTimeMs: 1,
    inSync,
    seen: [],
  };
  writeFileSync(
    join(folder, 'var/lib/reliable-raid/ledger.json'),
    JSON.stringify({ schema: 'reliable-raid/ledger/1', entries: [entry] }),
  );
}

test('readd = "rebuild": no bitmap, known and only older: added anew; never what was used alone', async (t) => {
  const NO_BITMAP = 0;
  const box = (other: Partial<SuperblockFields> = {}): Box => {
    const made = new Box(t.testdir(), { features: NO_BITMAP, ...other });
    made.sysfs.member('sda', superblock(0, { events: 60, roles: [0, FAULTY], features: NO_BITMAP }));
    made.mirror({ sda: 'in_sync' });
    recordMembers(made.folder, [
      '01010101:01010101:01010101:01010101',
      '02020202:02020202:02020202:02020202',
    ]);
    return made;
  };
  const added = box();
  const mdadm = (argv: readonly string[]): Partial<RunResult> => {
    if (argv.includes('--add')) added.mirror({ sda: 'in_sync', sdb: 'spare' });
    return { status: argv.includes('--re-add') ? 1 : 0 };
  };
  t.match(await added.readd({ rebuild: true }, mdadm), [{ result: 'rebuilding', reason: /no bitmap/ }]);
  t.same(added.calls, [
    COMMAND,
    'wipefs --all --types linux_raid_member /dev/sdb',
    'mdadm /dev/md0 --add /dev/sdb',
  ]);
  const fails = (): Partial<RunResult> => ({ status: 1 });
  const manual = box();
  t.match(await manual.readd({}, fails), [{ result: 'failed' }]);
  t.same(manual.calls, [COMMAND], 'not configured');
  const diverged = box({ roles: [FAULTY, 1] });
  t.match(await diverged.readd({ rebuild: true }, fails), [{ result: 'refused' }]);
  t.same(diverged.calls, []);
});
