import { test } from 'tap';
import { bootMounts, type RootFacts } from '../../../src/core/topology/boot-mounts.ts';

const FACTS: RootFacts = {
  fstab: [],
  fstabAt: 'fstab',
  crypttab: [],
  crypttabAt: 'crypttab',
  mounts: [],
  cmdline: [],
  resume: { option: null, conf: null, swaps: [] },
};

test('what a boot image mounts', async (t) => {
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

test('a bind is what its source lies on', async (t) => {
  const entry = (source: string, mountPoint: string, options: readonly string[] = []) => ({
    ...{ line: null, source, mountPoint },
    ...{ fsType: 'none', options },
  });
  const usrOf = (...fstab: readonly ReturnType<typeof entry>[]) =>
    bootMounts({ ...FACTS, fstab: [entry('UUID=root', '/'), ...fstab] })
      .find(({ name }) => name === '/usr')
      ?.sources.map(({ spec, at }) => [spec.kind === 'tag' ? spec.value : spec.kind, at].join(' '));
  const data = entry('UUID=data', '/data');
  for (const option of ['bind', 'rbind'])
    t.same(usrOf(data, entry('/data/usr', '/usr', [option])), ['data fstab'], option);
  t.same(
    usrOf(data, entry('/data/deep', '/data/deep', ['bind']), entry('/data/deep/usr', '/usr', ['bind'])),
    ['data fstab'],
  );
  t.equal(
    usrOf(data, entry('/database/usr', '/usr', ['rbind'])),
    undefined,
    'on root, which is mounted anyway',
  );
  t.equal(usrOf(entry('/usr/x', '/usr', ['bind'])), undefined, 'a bind of itself ends');
  t.equal(
    usrOf(entry('/b/x', '/usr', ['bind']), entry('/usr/y', '/b', ['rbind'])),
    undefined,
    'a circle ends',
  );
  t.same(usrOf(entry('/data/usr', '/usr', ['bind']), entry('UUID=usr', '/usr')), ['usr fstab']);
});

test('what is mounted on no block device is not misunderstood', async (t) => {
  const mount = (source: string, fsType: string, device = '0:41') => ({
    ...{ device, rootInFs: '/', mountPoint: '/' },
    ...{ fsType, source },
  });
  const rootOf = (...mounts: readonly ReturnType<typeof mount>[]) =>
    bootMounts({ ...FACTS, mounts })[0]?.sources.map(({ spec }) => spec.kind);
  t.same(rootOf(mount('fuse-overlayfs', 'fuse.fuse-overlayfs')), ['elsewhere']);
  t.same(rootOf(mount('/dev/sda2', 'btrfs')), ['path']);
  t.same(rootOf(mount('whatever', 'ext4', '9:0')), ['number']);
});

test('root= in hexadecimal digits', async (t) => {
  const cmdline = [{ name: 'root', value: '900' }];
  t.match(bootMounts({ ...FACTS, cmdline })[0]?.sources, [{ spec: { majorMinor: '9:0' } }]);
});
