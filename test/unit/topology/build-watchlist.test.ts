import fc from 'fast-check';
import t from 'tap';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import type { BlockDevice } from '../../../src/core/parse/lsblk-json.ts';
import { renderDot } from '../../../src/core/render/tree/dot.ts';
import { mergeTrees } from '../../../src/core/render/tree/merge-tree.ts';
import { layeredLayout } from '../../../src/core/render/tree/rows-and-order.ts';
import { renderSvg } from '../../../src/core/render/tree/svg.ts';
import { renderTree } from '../../../src/core/render/tree/tree.ts';
import { type ArrayFacts, arrayShape } from '../../../src/core/topology/array-facts.ts';
import { bootMounts, type RootFacts } from '../../../src/core/topology/boot-mounts.ts';
import { buildBlockGraph, type DeviceFacts } from '../../../src/core/topology/build-block-graph.ts';
import { buildWatchlist } from '../../../src/core/topology/build-watchlist.ts';
import { crypttabWarnings } from '../../../src/core/topology/crypttab-warnings.ts';
import { diskIdentity } from '../../../src/core/topology/disk-identity.ts';
import { dmKind } from '../../../src/core/topology/dm-kind.ts';
import { findSource } from '../../../src/core/topology/find-source.ts';
import { reachFrom } from '../../../src/core/topology/reach.ts';
import { warningsOfReach } from '../../../src/core/topology/reach-warnings.ts';
import { watchMembers } from '../../../src/core/topology/watch-members.ts';
import { layersFault } from '../../../src/core/watchlist/layers-fault.ts';
import { DEFAULT_SETTINGS, type DependencyNode } from '../../../src/core/watchlist/watchlist.ts';
import { formatWatchlist, parseWatchlist } from '../../../src/core/watchlist/watchlist-file.ts';

const device = (name: string, fields: Partial<BlockDevice> = {}): BlockDevice => ({
  device: name,
  parent: null,
  path: `/dev/${name}`,
  type: 'disk',
  sizeBytes: 1,
  fsType: null,
  label: null,
  uuid: null,
  partLabel: null,
  partUuid: null,
  model: null,
  serial: null,
  majorMinor: null,
  ...fields,
});

const NO_FACTS: DeviceFacts = {
  devices: [],
  dmNodes: [],
  slaves: new Map(),
  btrfsDevices: new Map(),
  physicalVolumes: [],
};

t.test('kinds of device-mapper nodes', async (t) => {
  const table: [string, string][] = [
    [`LVM-${'a'.repeat(64)}`, 'lvm'],
    [`LVM-${'a'.repeat(64)}-tpool`, 'thin'],
    [`LVM-${'a'.repeat(64)}-real`, 'lvm'],
    ['CRYPT-LUKS2-0-x', 'crypt'],
    ['CRYPT-PLAIN-x', 'crypt'],
    ['CRYPT-INTEGRITY-x', 'integrity'],
    ['CRYPT-SUBDEV-x', 'integrity'],
    ['CRYPT-VERITY-x', 'verity'],
    ['mpath-36001', 'multipath'],
    ['part1-mpath-36001', 'partition'],
    ['DMRAID-x', 'unknown'],
    ['', 'unknown'],
  ];
  for (const [uuid, kind] of table) t.equal(dmKind(uuid), kind, uuid);
});

t.test('a source finds its device, whichever way it is written', async (t) => {
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('sda', { fsType: 'ext4', uuid: 'abc-DEF', label: 'my root', majorMinor: '8:0' }),
      device('sdb', { partUuid: '12-ab', partLabel: 'second' }),
      device('sdc', { fsType: 'linux_raid_member', uuid: 'abc-DEF' }),
      device('dm-0', { path: '/dev/mapper/my--vg-a--b' }),
      device('sdd', { fsType: 'btrfs', uuid: 'fs' }),
      device('sde', { fsType: 'btrfs', uuid: 'fs' }),
    ],
    dmNodes: [{ device: 'dm-0', name: 'my--vg-a--b', uuid: 'LVM-x', standsOn: ['sdb'] }],
  });
  const find = (spec: Parameters<typeof findSource>[0], links: [string, string | null][] = []) =>
    findSource(spec, graph, new Map(links));
  const tag = (name: 'UUID' | 'LABEL' | 'PARTUUID' | 'PARTLABEL', value: string) =>
    find({ kind: 'tag', tag: name, value });
  const path = (text: string, to: string | null = null) => find({ kind: 'path', path: text }, [[text, to]]);
  t.match(tag('UUID', 'ABC-def'), { ok: true, value: ['sda'] }, 'never a member with the same UUID');
  t.match(tag('LABEL', 'my root'), { ok: true, value: ['sda'] });
  t.match(tag('PARTUUID', '12-AB'), { ok: true, value: ['sdb'] });
  t.match(tag('PARTLABEL', 'second'), { ok: true, value: ['sdb'] });
  t.match(tag('LABEL', 'none'), { ok: false, at: 'LABEL=none' });
  t.match(find({ kind: 'number', majorMinor: '8:0' }), { ok: true, value: ['sda'] });
  t.match(path('/dev/sda'), { ok: true, value: ['sda'] });
  t.match(path('/dev/by-me', '/dev/dm-0'), { ok: true, value: ['dm-0'] }, 'through a link');
  t.match(
    path('/dev/disk/by-label/my\\x20root'),
    { ok: true, value: ['sda'] },
    'a link that udev did not make',
  );
  t.match(path('/dev/my-vg/a-b'), { ok: true, value: ['dm-0'] });
  t.match(path('/dev/mapper/my--vg-a--b'), { ok: true, value: ['dm-0'] });
  t.match(path('/dev/sde'), { ok: true, value: ['btrfs:fs'] }, 'one device of a btrfs means all');
});

const FACTS: RootFacts = {
  fstab: [],
  fstabAt: 'fstab',
  crypttab: [],
  mounts: [],
  cmdline: [],
  resume: { option: null, conf: null, swaps: [] },
};

t.test('what a boot image mounts', async (t) => {
  const swaps = [
    { path: '/dev/zram0', type: 'partition', sizeKib: 900 },
    { path: '/swapfile', type: 'file', sizeKib: 800 },
    { path: '/dev/dm-1', type: 'partition', sizeKib: 10 },
    { path: '/dev/dm-2', type: 'partition', sizeKib: 20 },
  ];
  const resumeOf = (facts: Partial<RootFacts>) =>
    bootMounts({ ...FACTS, ...facts })
      .find(({ name }) => name === 'resume')
      ?.sources.map(({ spec }) => spec);
  const word = (name: string, value: string | null = null) => ({ name, value });
  t.match(resumeOf({ resume: { option: null, conf: null, swaps } }), [{ path: '/dev/dm-2' }]);
  t.match(resumeOf({ resume: { option: null, conf: 'auto', swaps } }), [{ path: '/dev/dm-2' }]);
  t.match(resumeOf({ resume: { option: null, conf: 'UUID=x', swaps } }), [{ value: 'x' }]);
  t.equal(resumeOf({ resume: { option: null, conf: 'none', swaps } }), undefined);
  t.match(resumeOf({ resume: { option: 'UUID=y', conf: 'none', swaps } }), [{ value: 'y' }]);
  const cmdline = [word('resume', 'UUID=z')];
  t.match(resumeOf({ cmdline, resume: { option: 'UUID=y', conf: 'UUID=x', swaps } }), [
    { value: 'z' },
    { value: 'y' },
  ]);
  t.equal(resumeOf({ cmdline: [...cmdline, word('noresume')] }), undefined);
  const entry = (mountPoint: string, options: string[]) => ({
    line: 1,
    source: `LABEL=${mountPoint}`,
    mountPoint,
    fsType: 'ext4',
    options,
  });
  const names = bootMounts({
    ...FACTS,
    fstab: [
      entry('/usr', []),
      entry('/home', []),
      entry('/srv', ['x-initrd.mount']),
      entry('/b', ['bind', 'x-initrd.mount']),
    ],
    crypttab: [
      { line: 4, target: 'key', source: '/dev/md7', keyFile: 'none', options: ['luks', 'initramfs'] },
      { line: 5, target: 'late', source: '/dev/md8', keyFile: 'none', options: ['luks'] },
    ],
  }).map(({ name }) => name);
  t.same(names, ['/', '/usr', '/srv', 'crypttab key']);
});

t.test('how a person knows the disk of a member', async (t) => {
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('sda', { model: 'DISK', serial: 'S1' }),
      device('sda1', { type: 'part', parent: 'sda', sizeBytes: 7 }),
      device('md0', { type: 'raid1' }),
      device('dm-0'),
    ],
    dmNodes: [{ device: 'dm-0', name: 'open', uuid: 'CRYPT-LUKS2-0-open', standsOn: ['sda1'] }],
    slaves: new Map([['md0', ['sda1']]]),
  });
  const names = new Map([
    ['sda', ['wwn-0x1', 'ata-DISK_S1']],
    ['sda1', ['wwn-0x1-part1', 'nvme-eui.1', 'ata-DISK_S1-part1']],
    ['md0', ['md-uuid-1']],
  ]);
  t.same(diskIdentity('sda1', graph, names), {
    byId: 'ata-DISK_S1-part1',
    model: 'DISK',
    serial: 'S1',
    sizeBytes: 7,
  });
  t.match(diskIdentity('dm-0', graph, names), { byId: 'ata-DISK_S1', model: 'DISK' });
  t.match(diskIdentity('md0', graph, names), { byId: 'md-uuid-1', model: null, serial: null });
  t.match(diskIdentity('gone', graph, names), { byId: null, model: null, serial: null, sizeBytes: null });
});

t.test('what is followed, and what is named because it cannot be', async (t) => {
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('bcache0', { parent: 'md0' }),
      device('md0', { type: 'raid1' }),
      device('nvme0n1'),
      device('loop0', { type: 'loop' }),
      device('drbd0'),
      device('dm-1', { type: 'mpath' }),
      device('dm-2', { type: 'dm' }),
      device('sda'),
    ],
    dmNodes: [
      { device: 'dm-1', name: 'mpatha', uuid: 'mpath-3600', standsOn: ['sda', 'sdz'] },
      { device: 'dm-2', name: 'odd', uuid: '', standsOn: ['sda'] },
      { device: 'dm-3', name: 'open', uuid: 'CRYPT-LUKS1-0-open', standsOn: ['dm-2'] },
    ],
    slaves: new Map([['bcache0', ['md0', 'nvme0n1']]]),
  });
  const reach = reachFrom(['bcache0', 'loop0', 'drbd0', 'dm-1', 'dm-3'], graph);
  t.ok(reach.ids.has('md0'), 'through bcache');
  t.equal(graph.get('dm-1')?.kind, 'multipath');
  t.same(warningsOfReach(reach, graph), [
    'sdz is needed, but lsblk does not know it',
    'loop0 is a file on a file system that is not followed',
    'drbd0 is a DRBD device, whose disk is not followed',
    'odd is of an unknown kind; what it stands on is followed',
  ]);
  const entry = {
    line: 3,
    target: 'open',
    source: 'x',
    keyFile: '/dev/disk/by-label/stick:/key',
    options: ['luks'],
  };
  const random = { ...entry, keyFile: '/dev/urandom', options: ['header=/dev/sdb'] };
  t.same(crypttabWarnings([entry, random, { ...entry, target: 'other' }], reach.ids, graph), [
    'open (/etc/crypttab:3): its key on /dev/disk/by-label/stick:/key is not followed',
    'open (/etc/crypttab:3): its header on /dev/sdb is not followed',
  ]);
});

const uuidOf = (n: number) =>
  `${n.toString(16).padStart(8, '0')}:0:0:0`.replace(/:0/g, ':00000000') as MdUuid;

const factsOf = (name: string, n: number): ArrayFacts => ({
  device: name,
  detail: {
    uuid: uuidOf(n),
    level: 'raid1',
    metadata: '1.2',
    devices: 2,
    name: null,
    devName: null,
    container: null,
    members: [],
  },
  container: null,
  members: [],
});

t.test('an array in a container', async (t) => {
  const volume = factsOf('md126', 1);
  const container = { ...factsOf('md127', 2).detail, level: 'container', metadata: 'imsm' };
  t.match(arrayShape({ ...volume, container }), { level: 1, metadata: 'imsm', container: uuidOf(2) });
  t.match(arrayShape({ ...volume, detail: { ...volume.detail, metadata: 'odd' } }), /"odd" is not known/);

  const member = (name: string, role: number | 'spare') => ({ device: name, role, superblock: null });
  const members = [member('sdc', 'spare'), member('sdb', 1), member('sda', 0)];
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: ['sda', 'sdb', 'sdc'].map((name) => ({ ...device(name), serial: `serial of ${name}` })),
  });
  const found = watchMembers({ ...volume, container, members }, graph, new Map());
  t.strictSame(
    found.watched.map(({ role, disk, ledger }) => [role, disk.serial, ledger.inSync]),
    [
      [0, 'serial of sda', false],
      [1, 'serial of sdb', false],
    ],
    'its disks are known by slot, and nothing is claimed of their data',
  );
  t.strictSame(found.warnings, []);
});

/** Any graph of md arrays, crypt nodes and disks, loops and missing devices included. */
const anyGraph = fc
  .record({
    kinds: fc.array(fc.constantFrom('md', 'crypt', 'disk'), { minLength: 1, maxLength: 14 }),
    edges: fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { maxLength: 40 }),
    starts: fc.array(fc.nat(15), { minLength: 1, maxLength: 3 }),
  })
  .map(({ kinds, edges, starts }) => {
    const name = (n: number) => (kinds[n] === 'crypt' ? `dm-${n}` : kinds[n] === 'md' ? `md${n}` : `sd${n}`);
    const below = (n: number) => edges.filter(([from]) => from === n).map(([, to]) => name(to));
    const graph = buildBlockGraph({
      ...NO_FACTS,
      devices: kinds.map((_, n) => device(name(n))),
      dmNodes: kinds.flatMap((kind, n) =>
        kind === 'crypt'
          ? [{ device: name(n), name: `open${n}`, uuid: 'CRYPT-LUKS2-0-x', standsOn: below(n) }]
          : [],
      ),
      slaves: new Map(kinds.map((_, n) => [name(n), below(n)])),
    });
    const arrays = new Map(
      kinds.flatMap((kind, n) => (kind === 'md' ? [[name(n), factsOf(name(n), n)] as const] : [])),
    );
    return { graph, arrays, starts: starts.map(name) };
  });

t.test('any graph: the walk ends, layers are sound, what is listed is reachable from a root', async () => {
  fc.assert(
    fc.property(anyGraph, ({ graph, arrays, starts }) => {
      const built = buildWatchlist({
        hostName: 'host',
        settings: DEFAULT_SETTINGS,
        roots: [{ name: '/', ids: starts, source: '', lost: [] }],
        graph,
        arrays,
        byIdNames: new Map(),
        warnings: [],
        policyOf: () => ({ waitMs: 1, degraded: 'start' }),
      });
      if (!built.ok) throw new Error(built.why);
      const listed = new Set<string>(built.value.arrays.map(({ uuid }) => uuid));
      const { ids } = reachFrom(starts, graph);
      for (const [name, { detail }] of arrays)
        if (ids.has(name) !== listed.has(detail.uuid))
          throw new Error(`${name} listed: ${listed.has(detail.uuid)}`);
      const inTree = new Set<string>();
      const visit = ({ uuid, children }: DependencyNode) => {
        if (uuid !== null) inTree.add(uuid);
        children.forEach(visit);
      };
      built.value.tree.forEach(visit);
      for (const uuid of listed) if (!inTree.has(uuid)) throw new Error(`${uuid} is not in the tree`);
      const fault = layersFault(built.value.arrays);
      if (fault !== null) throw new Error(fault);
      const again = parseWatchlist(formatWatchlist(built.value));
      if (!again.ok) throw new Error(`${again.at}: ${again.why}`);
    }),
    { numRuns: 300 },
  );
});

const treeOf = fc.memo(
  (depth): fc.Arbitrary<DependencyNode> =>
    fc.record({
      kind: fc.oneof(fc.constantFrom('md', 'crypt', 'mount'), fc.string({ unit: 'binary' })),
      label: fc.string({ unit: 'binary', maxLength: 300 }),
      uuid: fc.option(fc.string({ unit: 'binary' })),
      children: depth <= 1 ? fc.constant([]) : fc.array(treeOf(), { maxLength: 3 }),
    }),
);

t.test('pictures of hostile trees', async () => {
  fc.assert(
    fc.property(fc.array(treeOf(4), { maxLength: 3 }), (tree) => {
      const watchlist = {
        schema: 'reliable-raid/watchlist/1' as const,
        hostName: '',
        settings: DEFAULT_SETTINGS,
        arrays: [],
        tree,
        warnings: [],
      };
      const [text, dot, svg] = [renderTree(watchlist), renderDot(tree), renderSvg(tree)];
      for (const out of [text, dot, svg])
        if (/[^\n\x20-\x7e]/.test(out)) throw new Error(`not ASCII: ${JSON.stringify(out)}`);
      if ((svg.match(/<g>/g) ?? []).length !== mergeTrees(tree).length) throw new Error('a box is missing');
      if (!/^(?:[^"]|"(?:[^"\\]|\\.)*")*$/.test(dot)) throw new Error(`quotes: ${dot}`);
    }),
  );
});

t.test('a layout ends on a graph with a loop', async (t) => {
  const node = (below: number[]) => ({ kind: 'md', label: 'x', uuid: null, below });
  t.equal(layeredLayout([node([1]), node([2]), node([0])]).length, 3);
});
