import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { readArrayFacts } from '../../../../src/app/watchlist/array-facts.ts';
import { buildBlockGraph } from '../../../../src/core/topology/build-block-graph.ts';
import type { RunResult } from '../../../../src/ports/runner.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { device, NO_FACTS } from '../../../support/block-devices.ts';
import { encode1 } from '../../../support/encode-superblock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const BYTES = 4 * 1024 * 1024;
const UUID = '734f71cb:0c800a0c:01020304:05060708';
const OTHER = '11111111:22222222:33333333:44444444';
const detailOf = (members: readonly string[], more: readonly string[] = [], uuid = UUID): string =>
  [
    ...['MD_LEVEL=raid1', 'MD_DEVICES=2', `MD_UUID=${uuid}`, ...more],
    ...members.flatMap((path, n) => [`MD_DEVICE_d${n}_ROLE=${n}`, `MD_DEVICE_d${n}_DEV=${path}`]),
    '',
  ].join('\n');
const VERSION = 'MD_METADATA=1.2';

/** md0 on sda1 and sdb1, md1 on sdc and what lsblk calls another name; sdd has no size. */
const graph = buildBlockGraph({
  devices: [
    device('sda1', { sizeBytes: BYTES }),
    device('sdb1', { sizeBytes: BYTES }),
    device('sdc', { sizeBytes: BYTES }),
    device('dm-7', { sizeBytes: BYTES, path: '/dev/mapper/half' }),
    device('sdd', { sizeBytes: null }),
    device('md0', { type: 'raid1', path: '/dev/md/root' }),
    device('md1', { type: 'raid1' }),
    device('md2', { type: 'raid1' }),
  ],
  dmNodes: [],
  slaves: new Map([
    ['md0', ['sda1', 'sdb1']],
    ['md1', ['sdc', 'dm-7']],
    ['md2', ['sdd']],
  ]),
  btrfsDevices: new Map(),
  physicalVolumes: [],
});

/** Content of a device with a superblock of that number at 4 KiB. */
function content(number: number): Uint8Array {
  const bytes = new Uint8Array(BYTES);
  bytes.set(encode1({ number }, 8, 100), 4096);
  return bytes;
}

async function read(
  arrays: readonly string[],
  mdadm: (nodes: readonly string[]) => Partial<RunResult> | null,
  texts: Readonly<Record<string, string>> = {},
) {
  const files = new MemoryFiles(texts);
  for (const [number, path] of ['sda1', 'sdb1', 'sdc', 'mapper/half', 'sdd'].entries())
    files.bytes.set(`/dev/${path}`, content(number));
  const runner = answeringRunner(([, , , ...nodes]) => mdadm(nodes));
  const warnings: string[] = [];
  const found = await readArrayFacts({ files, runner, paths: REAL_PATHS }, arrays, graph, warnings);
  return { found, facts: found.ok ? found.value : new Map(), warnings, calls: runner.calls };
}

test('no array: mdadm is not asked', async (t) => {
  const { found, calls } = await read([], () => null);
  t.same(found, { ok: true, value: new Map() });
  t.same(calls, []);
});

test('one call for all; who is who is told by the members, in whatever order', async (t) => {
  const { facts, warnings, calls } = await read(['md0', 'md1'], () => ({
    stdout: `${detailOf(['/dev/mapper/half', '/dev/sdc'], [VERSION], OTHER)}${detailOf(['/dev/sda1', '/dev/sdb1'], [VERSION])}`,
  }));
  t.same(calls, ['mdadm --detail --export /dev/md/root /dev/md1']);
  t.same(warnings, []);
  t.match(facts.get('md0'), {
    ...{ device: 'md0', detail: { uuid: UUID }, container: null },
    members: [
      { device: 'sda1', role: 0, superblock: { deviceNumber: 0 } },
      { device: 'sdb1', role: 1, superblock: { deviceNumber: 1 } },
    ],
  });
  t.match(facts.get('md1'), {
    ...{ device: 'md1', detail: { uuid: OTHER } },
    members: [
      { device: 'dm-7', role: 0, superblock: { deviceNumber: 3 } },
      { device: 'sdc', role: 1, superblock: { deviceNumber: 2 } },
    ],
  });
});

test('an array that mdadm does not speak of is left out', async (t) => {
  const { facts } = await read(['md0', 'md1'], () => ({ stdout: detailOf(['/dev/sda1', '/dev/sdb1']) }));
  t.same([...facts.keys()], ['md0']);
  const unknown = await read(['md9'], (nodes) => ({ stdout: detailOf(['/dev/sda1']), stderr: `${nodes}` }));
  t.same([...unknown.facts.keys()], []);
  t.same(unknown.calls, ['mdadm --detail --export /dev/md9'], 'by its name where lsblk has no path');
});

test('a member that nobody can read: gone, or without a size', async (t) => {
  const { facts } = await read(['md0', 'md2'], () => ({
    stdout: `${detailOf(['/dev/sda1', '/dev/gone'], [VERSION])}${detailOf(['/dev/sdd'], [VERSION], OTHER)}`,
  }));
  t.match(facts.get('md0')?.members[1], { device: 'gone', role: 1, superblock: null });
  t.match(facts.get('md2')?.members, [{ device: 'sdd', superblock: null }]);
});

test('without a version from mdadm every place is looked at', async (t) => {
  const { facts } = await read(['md0'], () => ({ stdout: detailOf(['/dev/sda1', '/dev/sdb1']) }));
  t.match(facts.get('md0')?.members, [
    { superblock: { metadata: '1.2' } },
    { superblock: { metadata: '1.2' } },
  ]);
});

const failures: readonly (readonly [
  what: string,
  said: Partial<RunResult> | null,
  ok: boolean,
  why: RegExp,
])[] = [
  ['is not installed', null, false, /^is not installed$/],
  ['fails and says nothing', { status: 1, stderr: 'mdadm: no' }, false, /^failed with status 1: mdadm: no$/],
  ['fails for one of them', { status: 1, stdout: detailOf(['/dev/sda1']) }, true, /^$/],
  ['says nothing', { stdout: '' }, true, /^$/],
  ['says what nobody understands', { stdout: 'MD_LEVEL=raid1\n' }, false, /^has no MD_UUID$/],
];

for (const [what, said, isOk, why] of failures)
  test(`an mdadm that ${what}`, async (t) => {
    const { found } = await read(['md0'], () => said);
    t.equal(found.ok, isOk);
    t.match(found.ok ? '' : found.why, why);
  });

test('members by whatever name mdadm has for them: their numbers tell', async (t) => {
  const numbered = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('sda', { sizeBytes: BYTES, majorMinor: '8:0' }),
      device('md127', { sizeBytes: BYTES, majorMinor: '9:127', type: 'raid1' }),
      device('sdz', { sizeBytes: BYTES, majorMinor: '65:144' }),
      device('md126', { majorMinor: '9:126', type: 'raid1' }),
    ],
    slaves: new Map([
      ['md127', ['sdy']],
      ['md126', ['md127', 'sda', 'sdz']],
    ]),
  });
  const files = new MemoryFiles();
  for (const [path, number] of Object.entries({ 'md/a': '9:127', d1: '8:0', sdz: '65:144' }))
    files.numbers.set(`/dev/${path}`, number);
  for (const [number, path] of ['md127', 'sda', 'sdz'].entries())
    files.bytes.set(`/dev/${path}`, content(number));
  // sdz has no node that mdadm finds.
  const runner = answeringRunner(() => ({ stdout: detailOf(['/dev/md/a', '/dev/d1'], [VERSION]) }));
  const found = await readArrayFacts({ files, runner, paths: REAL_PATHS }, ['md126'], numbered, []);
  t.match(found.ok ? found.value.get('md126')?.members : null, [
    { device: 'md127', role: 0, superblock: { deviceNumber: 0 } },
    { device: 'sda', role: 1, superblock: { deviceNumber: 1 } },
    { device: 'sdz', superblock: { deviceNumber: 2 } },
  ]);
});

test('two volumes of one container, by the order in which mdadm was asked', async (t) => {
  const shared = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('sda'),
      device('sdb'),
      device('md126', { type: 'raid1' }),
      device('md125', { type: 'raid1' }),
    ],
    slaves: new Map([
      ['md126', ['sda', 'sdb']],
      ['md125', ['sda', 'sdb']],
    ]),
  });
  const runner = answeringRunner(() => ({
    stdout: `${detailOf(['/dev/sda', '/dev/sdb'])}${detailOf(['/dev/sda', '/dev/sdb'], [], OTHER)}`,
  }));
  const files = new MemoryFiles();
  const found = await readArrayFacts({ files, runner, paths: REAL_PATHS }, ['md126', 'md125'], shared, []);
  t.same(found.ok ? [...found.value].map(([name, { detail }]) => [name, detail.uuid]) : null, [
    ['md126', UUID],
    ['md125', OTHER],
  ]);
});

test('a volume of a container: mdadm is asked about that too, once, and superblocks are not read', async (t) => {
  const inside = 'MD_CONTAINER=/dev/md/imsm0';
  const { facts, warnings, calls } = await read(['md0', 'md1'], ([node]) => ({
    stdout:
      node === '/dev/md/imsm0'
        ? `MD_LEVEL=container\nMD_DEVICES=2\nMD_METADATA=imsm\nMD_UUID=${OTHER}\n`
        : `${detailOf(['/dev/sda1', '/dev/sdb1'], [inside])}${detailOf(['/dev/sdc'], [inside], OTHER)}`,
  }));
  t.same(calls, ['mdadm --detail --export /dev/md/root /dev/md1', 'mdadm --detail --export /dev/md/imsm0']);
  t.match(facts.get('md0'), {
    container: { level: 'container', metadata: 'imsm', uuid: OTHER },
    members: [{ superblock: null }, { superblock: null }],
  });
  t.match(facts.get('md1'), { container: { uuid: OTHER } });
  t.same(warnings, []);
});

test('a container that mdadm does not know is a warning', async (t) => {
  const inside = 'MD_CONTAINER=/dev/md/\u001bimsm';
  const ask = (said: Partial<RunResult>) =>
    read(['md0'], ([node]) =>
      node?.includes('imsm') ? said : { stdout: detailOf(['/dev/sda1'], [inside]) },
    );
  const silent = await ask({ stdout: '' });
  t.same(silent.warnings, ['/dev/md/\\x1bimsm: mdadm reports nothing about this container']);
  t.match(silent.facts.get('md0'), { container: null });
  t.same((await ask({ status: 1, stderr: 'no' })).warnings, ['/dev/md/\\x1bimsm: failed with status 1: no']);
});

test('a bitmap in a file is not followed, and that is said', async (t) => {
  const { warnings } = await read(
    ['md0', 'md1'],
    () => ({ stdout: `${detailOf(['/dev/sda1'])}${detailOf(['/dev/sdc'], [], OTHER)}` }),
    {
      '/sys/class/block/md0/md/bitmap/location': 'file\n',
      '/sys/class/block/md1/md/bitmap/location': '+8\n',
    },
  );
  t.same(warnings, ['/dev/md0: its bitmap is a file on another file system, which is not followed']);
});
