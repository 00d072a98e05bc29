import { test } from 'tap';
import { type BootMount, FROM_MOUNT } from '../../../src/core/topology/boot-mounts.ts';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { findRoots } from '../../../src/core/topology/find-roots.ts';
import { parseSourceSpec } from '../../../src/core/topology/source-spec.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [
    device('sda', { uuid: 'a', majorMinor: '8:0' }),
    device('sdb', { uuid: 'b' }),
    device('sdc', { label: 'twice' }),
    device('sdd', { label: 'twice', majorMinor: '8:3' }),
    device('dm-0', { path: '/dev/mapper/open' }),
  ],
  dmNodes: [{ device: 'dm-0', name: 'open', uuid: 'CRYPT-LUKS2-0-open', standsOn: ['sdb'] }],
});
const mount = (name: string, sources: readonly string[], opens: string | null = null): BootMount => ({
  name,
  sources: sources.map((text, n) => ({
    spec: parseSourceSpec(text, ['tmpfs', 'overlay'].includes(text) ? text : ''),
    at: `place ${n}`,
  })),
  opens,
});
const find = (...mounts: readonly BootMount[]) => findRoots(mounts, graph, new Map());

test('where root is, and when that is a fault', async (t) => {
  const cases: readonly [what: string, sources: readonly string[], ids: string, fault: RegExp | null][] = [
    ['found', ['UUID=a'], 'sda', null],
    ['no source at all', [], '', /^\/: /],
    ['not there', ['UUID=none'], '', /UUID=none/],
    ['one of two is there', ['UUID=none', 'UUID=a'], 'sda', null],
    ['on the network', ['server:/export'], '', null],
    ['in memory', ['tmpfs'], '', null],
    ['not understood', ['ID=/x'], '', /"ID=\/x" is not understood/],
    ['a quoted path', ['"/dev/sda"'], '', /is not understood/],
    ['no number', ['fe00:1'], '', /is not understood/],
    ['not understood and on the network', ['server:/export', 'what'], '', /"what" is not understood/],
    ['not understood, but another is', ['what', 'UUID=a'], 'sda', null],
    ['a network source does not hide a device', ['server:/export', 'UUID=b'], 'sdb', null],
  ];
  for (const [what, sources, ids, fault] of cases) {
    const { roots, rootFault } = find(mount('/', sources));
    t.equal(roots[0]?.ids.join(), ids, what);
    if (fault === null) t.equal(rootFault, null, what);
    else t.match(rootFault, fault, what);
  }
  t.match(find(mount('/usr', ['UUID=a'])).rootFault, /^\/: /, 'no / among the mounts');
});

test('/usr is needed like root: what is not understood is not resolved', async (t) => {
  const usr = (...sources: readonly string[]) =>
    find(mount('/', ['UUID=a']), mount('/usr', sources)).rootFault;
  t.match(usr('what'), /^\/usr: "what" is not understood/);
  t.equal(usr('what', 'UUID=b'), null);
  t.equal(usr('UUID=none'), null, 'a device that is not there is a warning');
  t.equal(find(mount('/', ['UUID=a']), mount('resume', ['what'])).rootFault, null);
  t.match(find(mount('/', ['UUID=a']), mount('resume', ['what'])).warnings, [/"what" is not understood/]);
});

test('of copies with one UUID or label the mounted one is meant', async (t) => {
  const sources = (mounted: string): BootMount => ({
    name: '/',
    opens: null,
    sources: [
      { spec: parseSourceSpec('LABEL=twice'), at: 'fstab' },
      { spec: parseSourceSpec(mounted), at: FROM_MOUNT },
    ],
  });
  const clone = find(sources('8:3'));
  t.same(clone.roots[0]?.ids, ['sdd']);
  t.match(clone.warnings, [/LABEL=twice is on sdc and sdd; sdd is mounted, and is followed/]);
  t.same(find(sources('8:0')).roots[0]?.ids, ['sdc', 'sdd', 'sda'], 'mounted is something else');
});

test('differences and several devices are warned of, and all are followed', async (t) => {
  const differ = find(mount('/', ['UUID=a', 'UUID=b']));
  t.same(differ.roots[0]?.ids, ['sda', 'sdb']);
  t.match(differ.warnings, [/place 0.*sda.*place 1.*sdb/]);
  t.same(find(mount('/', ['UUID=a', '/dev/sda'])).warnings, []);
  t.same(
    find(mount('/', ['overlay', 'UUID=b'])).warnings,
    [],
    'what is on no block device is then not spoken of',
  );
  const twice = find(mount('/', ['LABEL=twice']));
  t.same(twice.roots[0]?.ids, ['sdc', 'sdd']);
  t.match(twice.warnings, [/LABEL=twice.*sdc and sdd/]);
});

test('a fault of root is no warning besides; what is lost elsewhere is one', async (t) => {
  t.same(find(mount('/', ['UUID=none'])).warnings, []);
  t.match(find(mount('/', ['UUID=a']), mount('/usr', ['UUID=none'])).warnings, [/^\/usr: UUID=none/]);
});

test('a mapping of crypttab is a root of its own unless a mount stands on it', async (t) => {
  const mapping = mount('crypttab open', ['UUID=b'], 'open');
  t.same(
    find(mount('/', ['UUID=a']), mapping).roots.map(({ name }) => name),
    ['/', 'crypttab open'],
  );
  t.same(
    find(mount('/', ['/dev/mapper/open']), mapping).roots.map(({ name }) => name),
    ['/'],
  );
});
