import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import {
  hasBitmapFile,
  isResyncing,
  readArray,
  readMemberSlot,
  readMemberState,
  readSetUuid,
} from '../../../../src/app/read/sysfs-array.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const BLOCK = '/sys/class/block';
const MD = `${BLOCK}/md0/md`;
const DASHED = '734f71cb-0c80-0a0c-0102-030405060708';
const UUID = '734f71cb:0c800a0c:01020304:05060708';

/** Files of md0 below its folder, and devices that name it as their holder. */
const filesOf = (texts: Readonly<Record<string, string>>, held: readonly string[] = []): MemoryFiles =>
  new MemoryFiles({
    ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [`${MD}/${name}`, text])),
    ...Object.fromEntries(held.map((name) => [`${BLOCK}/${name}/holders/md0`, ''])),
  });
const read = (texts: Readonly<Record<string, string>>, held?: readonly string[]) =>
  readArray(filesOf(texts, held), REAL_PATHS, 'md0');

test('an array that is gone, or whose state nobody can read, is none', async (t) => {
  t.equal(await read({}), null);
  t.equal(await read({ metadata_version: '1.2\n' }), null);
});

test('what it says of itself', async (t) => {
  t.strictSame(
    await read({ array_state: 'clean\n', metadata_version: '1.2\n', uuid: `${DASHED}\n`, degraded: '1\n' }),
    {
      ...{ device: 'md0', state: 'clean', external: false, uuid: UUID, degraded: 1 },
      ...{ bound: new Map(), deadMembers: [] },
    },
  );
  t.strictSame(await read({ array_state: 'inactive\n' }), {
    ...{ device: 'md0', state: 'inactive', external: false, uuid: null, degraded: null },
    ...{ bound: new Map(), deadMembers: [] },
  });
  t.match(await read({ array_state: 'clean\n', metadata_version: 'external:imsm\n' }), { external: true });
  t.match(await read({ array_state: 'clean\n', degraded: '0\n' }), { degraded: 0 });
  t.match(await read({ array_state: 'clean\n', degraded: '\n' }), { degraded: null }, 'raid0 has no number');
});

const uuids: readonly (readonly [
  what: string,
  version: string | null,
  text: string | null,
  uuid: string | null,
])[] = [
  ['1.2', '1.2\n', `${DASHED}\n`, UUID],
  ['1.0', '1.0\n', `${DASHED}\n`, UUID],
  ['0.90 has another byte order', '0.90\n', `${DASHED}\n`, null],
  ['a container', 'external:imsm\n', `${DASHED}\n`, null],
  ['nobody says which', null, `${DASHED}\n`, null],
  ['not set', '1.2\n', '00000000-0000-0000-0000-000000000000\n', null],
  ['not a UUID', '1.2\n', 'none\n', null],
  ['an old kernel', '1.2\n', null, null],
];

for (const [what, version, text, uuid] of uuids)
  test(`its UUID: ${what}`, async (t) => {
    const texts = {
      array_state: 'clean\n',
      ...(version === null ? {} : { metadata_version: version }),
      ...(text === null ? {} : { uuid: text }),
    };
    t.equal((await read(texts))?.uuid, uuid);
    t.equal(await readSetUuid(filesOf(texts), REAL_PATHS, 'md0'), uuid, 'and the same, cheaper');
  });

test('members: bound, failed, dead, let go of', async (t) => {
  const array = await read(
    {
      array_state: 'clean\n',
      'dev-sda/state': 'in_sync\n',
      'dev-sdb/state': 'faulty,write_mostly\n',
      'dev-sdc/state': 'in_sync\n',
      'dev-sdd/slot': '3\n',
      'bitmap/location': 'none\n',
    },
    ['sda', 'sdb', 'sdd'],
  );
  t.strictSame(
    [...(array?.bound ?? [])],
    [
      ['sda', { faulty: false }],
      ['sdb', { faulty: true }],
    ],
  );
  t.same(array?.deadMembers, ['sdc'], 'its disk does not name the array; sdd was let go of meanwhile');
});

test('a disk that another one has taken the place of, and a link that comes a moment later', async (t) => {
  const other = filesOf({ array_state: 'clean\n', 'dev-sda/state': 'in_sync\n' });
  other.texts.set(`${BLOCK}/sda/holders/md9`, '');
  t.match(await readArray(other, REAL_PATHS, 'md0'), { deadMembers: ['sda'] }, 'held by another array');
  const late = filesOf({ array_state: 'clean\n', 'dev-sda/state': 'in_sync\n' });
  let looks = 0;
  late.exists = async (path) => (path.endsWith('/holders/md0') ? ++looks > 1 : true);
  t.match(await readArray(late, REAL_PATHS, 'md0'), { deadMembers: [] });
  t.equal(looks, 2);
  const gone = filesOf({ array_state: 'clean\n', 'dev-sda/state': 'in_sync\n' });
  looks = 0;
  gone.exists = async (path) => (path.endsWith('/holders/md0') ? ++looks > 1 : false);
  t.match(await readArray(gone, REAL_PATHS, 'md0'), { deadMembers: ['sda'] }, 'not where the disk is gone');
});

test('the words on one member', async (t) => {
  const words = (text: string) =>
    readMemberState(filesOf({ 'dev-sda/state': text }), REAL_PATHS, 'md0', 'sda');
  t.same(await words('in_sync,write_mostly\n'), ['in_sync', 'write_mostly']);
  t.same(await words('spare\n'), ['spare']);
  t.equal(await readMemberState(filesOf({}), REAL_PATHS, 'md0', 'sda'), null);
});

const answers: readonly (readonly [text: string | null, slot: number | null, resyncing: boolean])[] = [
  ['0\n', 0, true],
  ['12\n', 12, true],
  ['none\n', null, false],
  ['journal\n', null, false],
  ['-1\n', null, false],
  ['12345\n', null, true],
  ['', null, false],
  [null, null, false],
];

for (const [text, slot, resyncing] of answers)
  test(`a number or none: ${text?.trim()}`, async (t) => {
    const files = filesOf(text === null ? {} : { 'dev-sda/slot': text, resync_start: text });
    t.equal(await readMemberSlot(files, REAL_PATHS, 'md0', 'sda'), slot, 'of a slot');
    t.equal(await isResyncing(files, REAL_PATHS, 'md0'), resyncing, 'of a resync that is left to do');
  });

test('a bitmap in a file', async (t) => {
  const has = (texts: Readonly<Record<string, string>>) => hasBitmapFile(filesOf(texts), REAL_PATHS, 'md0');
  t.ok(await has({ 'bitmap/location': 'file\n' }));
  t.notOk(await has({ 'bitmap/location': '+8\n' }));
  t.notOk(await has({ 'bitmap/location': 'none\n' }));
  t.notOk(await has({}));
});
