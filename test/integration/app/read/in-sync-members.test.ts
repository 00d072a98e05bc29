import { test } from 'tap';
import { NodeFiles } from '../../../../src/adapters/node/files.ts';
import { type MachinePaths, REAL_PATHS } from '../../../../src/app/machine.ts';
import { observeInSync } from '../../../../src/app/read/in-sync-members.ts';
import { encode1, type SuperblockFields } from '../../../support/encode-superblock.ts';
import { SimulatedSysfs } from '../../../support/simulated-sysfs.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708';
const DASHED = '734f71cb-0c80-0a0c-0102-030405060708';
const NOW = 1_800_000_000_000;
const deviceUuid = (n: number): string => Array(4).fill(`0${n}`.repeat(4)).join(':');

interface Disk {
  readonly words: string;
  readonly slot: string;
  readonly superblock?: Partial<SuperblockFields>;
}

/** An array of these disks, sd1, sd2, ... */
async function observe(
  folder: string,
  disks: readonly Disk[],
  { state = 'clean', metadata = '1.2', uuid = DASHED } = {},
) {
  const sysfs = new SimulatedSysfs(folder);
  const names = disks.map((_, n) => `sd${n + 1}`);
  for (const [n, { superblock = {} }] of disks.entries())
    sysfs.member(
      names[n] ?? '',
      encode1({ number: n, name: 'data', deviceUuidBytes: Array(16).fill(n + 1), ...superblock }, 8, 100),
    );
  const bound = Object.fromEntries(disks.map(({ words }, n) => [names[n] ?? '', words]));
  sysfs.array({ name: 'md0', state, metadata, uuid, degraded: 0, bound });
  for (const [n, { slot }] of disks.entries())
    sysfs.file(`sys/class/block/md0/md/dev-${names[n]}/slot`, `${slot}\n`);
  const paths: MachinePaths = { ...REAL_PATHS, ...sysfs.paths };
  const { running, denied } = await observeInSync({ files: new NodeFiles(), paths }, NOW);
  if (denied.length > 0) throw new Error(`${denied[0]?.device}: ${denied[0]?.why}`);
  return running;
}

test('who is in sync, by role, and the newest of what they say', async (t) => {
  const found = await observe(t.testdir(), [
    { words: 'in_sync,write_mostly', slot: '1', superblock: { events: 42, updateSeconds: 1_700_000_009 } },
    { words: 'in_sync', slot: '0', superblock: { events: 43, updateSeconds: 1_700_000_001 } },
  ]);
  t.strictSame(found, [
    {
      ...{ arrayUuid: UUID, device: 'md0', recordedAtMs: NOW, events: 43, updateTimeMs: 1_700_000_009_000 },
      inSync: [
        { deviceUuid: deviceUuid(2), role: 0 },
        { deviceUuid: deviceUuid(1), role: 1 },
      ],
      seen: [
        { deviceUuid: deviceUuid(1), lastSeenMs: NOW, events: 42, role: 1, disk: null },
        { deviceUuid: deviceUuid(2), lastSeenMs: NOW, events: 43, role: 0, disk: null },
      ],
      foreign: false,
      unwritten: false,
    },
  ]);
});

const whole: Disk = { words: 'in_sync', slot: '0' };
const others: readonly (readonly [what: string, disk: Disk, inSync: number, seen: number])[] = [
  ['another one in sync', { words: 'in_sync', slot: '1' }, 2, 2],
  ['a member that is rebuilt', { words: 'spare', slot: '1', superblock: { events: 99 } }, 1, 2],
  ['a spare', { words: 'spare', slot: 'none' }, 1, 2],
  ['a journal', { words: 'journal', slot: 'journal' }, 1, 2],
  ['a replacement', { words: 'in_sync,replacement', slot: '1' }, 1, 2],
  ['a failed one', { words: 'faulty,in_sync', slot: '1', superblock: { events: 99 } }, 1, 1],
  ['in sync without a slot', { words: 'in_sync', slot: 'none' }, 1, 2],
  [
    'what has become of another array',
    { words: 'in_sync', slot: '1', superblock: { arrayUuidBytes: Array(16).fill(7) } },
    1,
    1,
  ],
];

for (const [what, disk, inSync, seen] of others)
  test(`beside a whole member: ${what}`, async (t) => {
    const [entry] = await observe(t.testdir(), [whole, disk]);
    t.equal(entry?.inSync.length, inSync);
    t.equal(entry?.seen.length, seen);
    t.equal(entry?.events, 42, 'as those in sync say');
  });

test('no member in sync can be read: the former record is better than none', async (t) => {
  t.same(await observe(t.testdir(), [{ words: 'spare', slot: 'none' }]), []);
  t.same(await observe(t.testdir(), []), []);
});

const states: readonly (readonly [state: string, unwritten: boolean | null])[] = [
  ['clean', false],
  ['active', false],
  ['active-idle', false],
  ['write-pending', false],
  ['read-auto', true],
  ['readonly', true],
  ['inactive', null],
  ['clear', null],
];

for (const [state, unwritten] of states)
  test(`an array that is ${state}`, async (t) => {
    const [entry] = await observe(t.testdir(), [whole], { state });
    t.equal(entry?.unwritten ?? null, unwritten);
  });

test('containers and their volumes are left out', async (t) => {
  for (const metadata of ['external:imsm', 'external:/md127/0'])
    t.same(await observe(t.testdir(), [whole], { metadata }), []);
});
