// The ledger on a machine made of files: what is recorded where, what is never written twice, and what a broken place does.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Test, test } from 'tap';
import { NodeClock } from '../../../../src/adapters/node/clock.ts';
import { NodeFiles } from '../../../../src/adapters/node/files.ts';
import { NodeRunner } from '../../../../src/adapters/node/runner.ts';
import { VARIABLE_NAME } from '../../../../src/app/ledger/efi-variable.ts';
import { ledger } from '../../../../src/app/ledger/ledger.ts';
import { loadWatchlistWithLedger } from '../../../../src/app/ledger/watchlist-with-ledger.ts';
import type { Machine } from '../../../../src/app/machine.ts';
import type { LedgerPlaces } from '../../../../src/app/own-places.ts';
import { keepWatchlist } from '../../../../src/app/watchlist/keep-watchlist.ts';
import { showLedger } from '../../../../src/cli/commands/show-ledger.ts';
import { parseLedgerText } from '../../../../src/core/ledger/ledger-text.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import { utcDate } from '../../../../src/core/text/utc-date.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type Watchlist,
} from '../../../../src/core/watchlist/watchlist.ts';
import type { Files } from '../../../../src/ports/files.ts';
import type { Runner } from '../../../../src/ports/runner.ts';
import { NO_SPLASH } from '../../../../src/ports/splash.ts';
import { encode1 } from '../../../support/encode-superblock.ts';
import { SimulatedSysfs } from '../../../support/simulated-sysfs.ts';
import { watchedMirror } from '../../../support/watched-array.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708' as MdUuid;
const DASHED = '734f71cb-0c80-0a0c-0102-030405060708';
const deviceUuid = (n: number): string => Array(4).fill(`0${n}`.repeat(4)).join(':');

const ARRAY = watchedMirror(UUID, {
  members: [1, 2].map((n) => ({
    deviceUuid: deviceUuid(n),
    role: n - 1,
    disk: { byId: null, model: null, serial: null, sizeBytes: null },
    ledger: { events: 42, updateTimeMs: 1_700_000_000_000, inSync: true },
  })),
});
const WATCHLIST: Watchlist = {
  schema: WATCHLIST_SCHEMA,
  hostName: 'box',
  settings: DEFAULT_SETTINGS,
  arrays: [ARRAY],
  tree: [],
  warnings: [],
};

/** A running mirror of sda1 and sdb1 on a machine with EFI variables. */
class Box {
  readonly folder: string;
  readonly sysfs: SimulatedSysfs;
  readonly places: LedgerPlaces;
  readonly variable: string;
  readonly calls: string[] = [];
  files: Files = new NodeFiles();

  constructor(t: Test, efi = true) {
    this.folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    t.teardown(() => rmSync(this.folder, { recursive: true }));
    this.sysfs = new SimulatedSysfs(this.folder);
    this.places = {
      stateFolder: join(this.folder, 'var/lib/reliable-raid'),
      bootFolders: [join(this.folder, 'boot/efi')],
    };
    this.variable = join(this.folder, 'sys/firmware/efi/efivars', VARIABLE_NAME);
    if (efi) this.put('sys/firmware/efi/efivars/BootOrder-8be4df61', 'x');
    this.put('proc/stat', 'cpu 1\nbtime 1790000000\n');
    this.put('proc/uptime', '1000.50 1.00\n');
    this.put('proc/self/mountinfo', '');
    for (const n of [1, 2]) this.disk(n, 42, [0, 1]);
    this.mirror({ sda1: 'in_sync', sdb1: 'in_sync' }, 0);
  }

  put(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  disk(n: number, events: number, roles: readonly number[]): void {
    const name = n === 1 ? 'sda1' : 'sdb1';
    const fields = { number: n - 1, deviceUuidBytes: Array(16).fill(n), roles, events };
    this.sysfs.member(name, encode1(fields, 8, 100));
  }

  mirror(bound: Readonly<Record<string, string>>, degraded: number, state = 'clean'): void {
    this.sysfs.array({ name: 'md0', state, uuid: DASHED, degraded, bound });
    for (const name of Object.keys(bound))
      this.put(`sys/class/block/md0/md/dev-${name}/slot`, name === 'sda1' ? '0\n' : '1\n');
  }

  /** The kernel's own way with a variable that somebody else must not lose. */
  get runner(): Runner {
    const real = new NodeRunner();
    return {
      run: (argv, options) => {
        this.calls.push(argv.join(' ').replaceAll(this.folder, ''));
        const ours = argv[0] === 'chattr' || argv[0] === 'mount';
        const done = { argv, status: 0, stdout: '', stderr: '', error: null };
        return ours ? Promise.resolve(done) : real.run(argv, options);
      },
    };
  }

  get machine(): Machine {
    const { sys, dev, run } = this.sysfs.paths;
    const at = (name: string) => join(this.folder, name);
    return {
      runner: this.runner,
      files: this.files,
      clock: new NodeClock(),
      deviceEvents: {
        watch: () => ({ listening: Promise.resolve(), end: () => undefined }),
        settle: async () => undefined,
      },
      consoles: { open: async () => [], close: async () => undefined, shell: async () => undefined },
      splash: NO_SPLASH,
      operator: { ask: async () => null },
      paths: { sys, dev, run, proc: at('proc'), etc: at('etc'), varLib: at('var/lib') },
    };
  }

  async record(more: { dryRun?: boolean; json?: boolean } = {}) {
    const said = { out: '', err: '' };
    const output = {
      out: (text: string) => {
        said.out += `${text}\n`;
      },
      err: (text: string) => {
        said.err += `${text}\n`;
      },
    };
    const { dryRun = false, json = false } = more;
    const status = showLedger(await ledger(this.machine, { dryRun }, undefined, this.places), json, output);
    return { status, out: said.out.replaceAll(this.folder, ''), err: said.err.replaceAll(this.folder, '') };
  }

  /** Roles in sync and events, as the variable says. */
  inVariable(): string {
    const bytes = readFileSync(this.variable);
    const read = parseLedgerText(bytes.subarray(4).toString(), 'variable');
    const [entry] = read.ok ? read.value.entries : [];
    return `${[...bytes.subarray(0, 4)]} ${entry?.inSync.map(({ role }) => role)} ${entry?.events}`;
  }
}

async function watchedBox(t: Test, efi = true): Promise<Box> {
  const box = new Box(t, efi);
  const why = await keepWatchlist(box.machine, WATCHLIST, box.places);
  t.equal(why, null);
  return box;
}

test('a whole mirror, the failure of a member, its return: written when that changed, and only then', async (t) => {
  const box = await watchedBox(t);
  t.match(await box.record(), {
    status: 0,
    out: 'EFI variable: written\n/var/lib/reliable-raid/ledger.json: written\n',
    err: '',
  });
  t.equal(box.inVariable(), '7,0,0,0 0,1 42');
  t.match(await box.record(), { out: /EFI variable: already up to date/ });
  t.notOk(
    box.calls.some((call) => call.startsWith('chattr')),
    'a new variable is not locked',
  );

  box.disk(1, 50, [0, 0xfffe]);
  box.mirror({ sda1: 'in_sync', sdb1: 'faulty' }, 1);
  t.match(await box.record(), { status: 0, out: /EFI variable: written/, err: '' });
  t.equal(box.inVariable(), '7,0,0,0 0 50');
  t.ok(box.calls.includes(`chattr -i /sys/firmware/efi/efivars/${VARIABLE_NAME}`));

  box.mirror({ sda1: 'in_sync', sdb1: 'spare' }, 1);
  t.match(await box.record(), { out: /already up to date/ }, 'being rebuilt is not in sync');
  box.disk(1, 60, [0, 1]);
  box.disk(2, 60, [0, 1]);
  box.mirror({ sda1: 'in_sync', sdb1: 'in_sync' }, 0);
  t.match(await box.record(), { out: /EFI variable: written/ });
  t.equal(box.inVariable(), '7,0,0,0 0,1 60');
  const file = JSON.parse(readFileSync(join(box.places.stateFolder, 'ledger.json'), 'utf8'));
  t.match(file, {
    schema: 'reliable-raid/ledger/1',
    entries: [
      { arrayUuid: UUID, device: 'md0', recordedAtMs: 1_790_001_000_500, events: 60, seen: { length: 2 } },
    ],
  });
});

test('an array that runs and was not written to, one that does not run, a container', async (t) => {
  const box = await watchedBox(t);
  await box.record();
  box.mirror({ sda1: 'in_sync' }, 1, 'read-auto');
  t.match(await box.record(), { out: /already up to date/ }, 'the other half is as good as this one');
  box.mirror({ sda1: 'spare' }, 0, 'inactive');
  t.match(await box.record(), { out: /already up to date/ });
  t.equal(box.inVariable(), '7,0,0,0 0,1 42');
  box.sysfs.array({ name: 'md1', state: 'clean', metadata: 'external:/md127/0', uuid: DASHED });
  t.match(await box.record(), { status: 0, out: /already up to date/ });
});

test('a damaged variable is begun anew', async (t) => {
  const box = await watchedBox(t);
  await box.record();
  writeFileSync(box.variable, readFileSync(box.variable).fill(0x2a, 60, 61));
  const { status, out, err } = await box.record();
  t.equal(status, 0);
  t.match(out, /EFI variable: written/);
  t.match(
    err,
    /^reliable-raid: warning: EFI variable: is damaged: its checksum is wrong; it will be replaced\n$/,
  );
  t.equal(box.inVariable(), '7,0,0,0 0,1 42');
});

test('NVRAM that is full, read-only, or takes something else: a warning, and all else goes on', async (t) => {
  class BrokenNvram extends NodeFiles {
    readonly how: 'full' | 'read-only' | 'other';
    constructor(how: 'full' | 'read-only' | 'other') {
      super();
      this.how = how;
    }
    override async writeValue(path: string, text: string): Promise<void> {
      if (!path.endsWith(VARIABLE_NAME)) return super.writeValue(path, text);
      if (this.how === 'full') throw new Error('ENOSPC: no space left on device, write');
      if (this.how === 'read-only') throw new Error('EROFS: read-only file system, open');
      return super.writeValue(path, text.slice(0, -9));
    }
  }
  const cases = [
    ['full', /ENOSPC: no space left/],
    ['read-only', /EROFS/],
    ['other', /does not hold what was written to it/],
  ] as const;
  for (const [how, why] of cases) {
    const box = await watchedBox(t);
    rmSync(box.variable, { force: true });
    rmSync(join(box.places.stateFolder, 'ledger.json'), { force: true });
    box.files = new BrokenNvram(how);
    const { status, out, err } = await box.record();
    t.equal(status, 0, how);
    t.match(out, 'EFI variable: not written\n/var/lib/reliable-raid/ledger.json: written\n');
    t.match(err, why);
    t.equal(err.trim().split('\n').length, 1, 'one line');
    if (how !== 'other') t.notOk(existsSync(box.variable));
  }
  const box = await watchedBox(t);
  box.put('var/lib/reliable-raid/ledger.json/a-folder', 'is in the way');
  box.files = new BrokenNvram('full');
  t.match(await box.record(), { status: 1 }, 'nothing at all could be recorded');
});

test('no EFI, variables that nobody mounted, no list of what is watched', async (t) => {
  const bios = await watchedBox(t, false);
  t.match(await bios.record(), {
    status: 0,
    out: 'EFI variable: none: this machine was not started by EFI firmware\n',
    err: '',
  });
  mkdirSync(dirname(bios.variable), { recursive: true });
  t.match(await bios.record(), { status: 0, out: /none: the EFI variables are not mounted/ });
  const unlisted = new Box(t);
  rmSync(unlisted.places.stateFolder, { recursive: true, force: true });
  const { status, err } = await unlisted.record();
  t.equal(status, 0);
  t.match(err, /it is not known yet which arrays the boot needs; try: update-initramfs -u/);
  t.notOk(existsSync(unlisted.variable));
  t.match((await unlisted.record()).out, /EFI variable: none: no array that the boot needs is known/);
});

test('the ESP, where one is mounted', async (t) => {
  const box = await watchedBox(t);
  const [esp = ''] = box.places.bootFolders;
  mkdirSync(esp, { recursive: true });
  const mountinfo = (type: string) => `30 1 8:1 / ${esp} rw - ${type} /dev/sda1 rw\n`;
  box.put('proc/self/mountinfo', mountinfo('autofs'));
  t.notMatch((await box.record()).out, /boot\/efi/, 'an automount is not woken');
  box.put('proc/self/mountinfo', mountinfo('vfat'));
  t.match(await box.record(), { status: 0, out: /^\/boot\/efi\/reliable-raid\/ledger: written$/m });
  t.match(await box.record(), { out: /^\/boot\/efi\/reliable-raid\/ledger: already up to date$/m });
  const text = readFileSync(join(esp, 'reliable-raid/ledger'), 'utf8');
  t.match(parseLedgerText(text, 'x'), { ok: true, value: { entries: [{ arrayUuid: UUID }] } });
});

test('--dry-run and --json show every place, and write nothing', async (t) => {
  const box = await watchedBox(t);
  await box.record();
  box.disk(1, 50, [0, 0xfffe]);
  box.mirror({ sda1: 'in_sync' }, 1);
  const before = box.inVariable();
  const { status, out } = await box.record({ dryRun: true });
  t.equal(status, 0);
  t.match(out, /^array root {2}UUID 734f71cb:0c800a0c:01020304:05060708$/m);
  t.match(
    out,
    /^ {2}\* EFI variable\n {6}recorded 2026-09-21 \d\d:\d\d UTC, just now\n {6}in sync: role 0, 1; 42 events/m,
  );
  t.match(out, /^ {4}now: in sync: role 0; 50 events/m);
  t.match(out, /^EFI variable: would be written$/m);
  t.ok(out.split('\n').every((line) => line.length <= 79));
  t.equal(box.inVariable(), before);
  const json = JSON.parse((await box.record({ json: true, dryRun: true })).out);
  t.match(json, {
    schema: 'reliable-raid/ledger-report/1',
    dryRun: true,
    arrays: [
      {
        name: 'root',
        uuid: UUID,
        now: { events: 50 },
        places: [{ place: 'EFI variable', believed: true }, {}],
      },
    ],
    places: [{ name: 'EFI variable', state: 'read', done: 'written' }, {}],
  });
  box.put('etc/reliable-raid/arrays', `${UUID} before\n`);
  await box.record();
  t.equal(box.inVariable(), before, 'in the boot image nothing is recorded');
});

test('the boot: the variable is mounted, believed where it is newer, ignored where it is damaged', async (t) => {
  const box = await watchedBox(t);
  await box.record();
  const path = join(box.places.stateFolder, 'watchlist.json');
  rmSync(join(box.places.stateFolder, 'ledger.json'));
  const inSync = async (): Promise<unknown> => {
    const loaded = await loadWatchlistWithLedger(box.machine, path, box.places);
    if (!loaded.ok) return loaded.why;
    const members = loaded.value.watchlist.arrays[0]?.members.filter((member) => member.ledger.inSync);
    return { inSync: members?.map(({ role }) => role), notes: loaded.value.notes };
  };
  const believed = { kind: 'ledger', array: UUID, place: 'EFI variable' };
  const { inSync: both, notes: first } = (await inSync()) as { inSync: number[]; notes: unknown[] };
  t.same(both, [0, 1]);
  t.match(first, [{ ...believed, inSyncCount: 2, events: 42, recordedAtMs: Number }]);
  t.match(utcDate((first[0] as { recordedAtMs: number }).recordedAtMs), /^2026-09-21 /);
  t.equal(first.length, 1);
  box.disk(1, 50, [0, 0xfffe]);
  box.mirror({ sda1: 'in_sync' }, 1);
  await box.record();
  rmSync(join(box.places.stateFolder, 'ledger.json'));
  t.match(await inSync(), { inSync: [0], notes: [believed] });
  writeFileSync(box.variable, 'rubbish');
  t.same(await inSync(), {
    inSync: [0, 1],
    notes: [
      {
        kind: 'ledger-ignored',
        place: 'EFI variable',
        detail: 'has attributes that reliable-raid does not set',
      },
    ],
  });
  t.notOk(
    box.calls.some((call) => call.startsWith('mount')),
    'the running system has them mounted',
  );

  rmSync(dirname(box.variable), { recursive: true });
  mkdirSync(dirname(box.variable), { recursive: true });
  box.put('etc/reliable-raid/arrays', `${UUID} before\n`);
  mkdirSync(join(box.folder, 'run/reliable-raid'), { recursive: true });
  t.match(await inSync(), { inSync: [0, 1], notes: { length: 0 } });
  t.ok(box.calls.some((call) => /^mount -t efivarfs -o ro,nosuid,nodev,noexec efivarfs \/sys/.test(call)));
  t.ok(existsSync(join(box.folder, 'run/reliable-raid/efivars')), 'marked for the script that unmounts it');
});
