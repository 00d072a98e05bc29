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
