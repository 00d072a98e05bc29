import { test } from 'tap';
import { DRACUT, INITRAMFS_TOOLS } from '../../../src/core/image/generator.ts';
import {
  type ImageFacts,
  judgeImages,
  type KernelImage,
  moduleName,
  modulesOfLevels,
} from '../../../src/core/inspect/image.ts';
import { uuidOf } from '../../support/ledger-entries.ts';

const PATHS = [
  ...['usr/bin/reliable-raid', 'etc/reliable-raid/watchlist.json', 'sbin/mdadm'],
  ...['lib/modules/6.1/kernel/drivers/md/raid1.ko.xz', 'lib/modules/6.1/kernel/drivers/md/md-mod.ko'],
];
const imageOf = (more: Partial<KernelImage> = {}): KernelImage => ({
  ...{ version: '6.1', isDefault: true, image: 'initrd.img-6.1', paths: new Set(PATHS), builtIn: new Set() },
  generator: INITRAMFS_TOOLS,
  ...more,
});
const GRAVE: ImageFacts['changes'] = [{ what: 'gone', uuid: uuidOf(1), name: 'root' }];
const without = (path: string) => imageOf({ paths: new Set(PATHS.filter((one) => !one.includes(path))) });
const findings = (kernels: readonly KernelImage[], more: Partial<ImageFacts> = {}) => {
  const facts = { changes: [], modules: ['md_mod', 'raid1'], generator: INITRAMFS_TOOLS };
  return judgeImages({ kernels, ...facts, ...more });
};
const judged = (kernels: readonly KernelImage[], more: Partial<ImageFacts> = {}) =>
  findings(kernels, more).map(({ grade, code }) => `${grade} ${code}`);

test('what the image of the default kernel lacks', async (t) => {
  t.same(judged([imageOf()]), []);
  t.same(judged([without('reliable-raid')]), ['unknown no-engine']);
  t.same(judged([without('watchlist')]), ['unknown no-engine']);
  t.same(judged([without('mdadm')]), ['stop no-mdadm']);
  t.same(judged([without('raid1')]), ['stop no-module']);
  t.same(
    judged([imageOf({ ...without('raid1'), builtIn: new Set(['raid1']) })]),
    [],
    'it is part of the kernel',
  );
  t.same(judged([imageOf({ image: null, paths: null })]), ['stop no-image']);
  t.same(judged([imageOf({ paths: null })]), ['unknown unread']);
  t.same(judged([]), ['unknown no-kernel']);
});

test('another kernel ends no boot unless it is chosen', async (t) => {
  const old = { ...without('mdadm'), version: '5.10', isDefault: false };
  t.same(judged([imageOf(), old]), ['note no-mdadm']);
});

test('a list that has changed since; nothing is said of one that nobody kept', async (t) => {
  t.same(judged([imageOf()], { changes: GRAVE }), ['unknown old-list']);
  t.same(judged([imageOf()], { changes: [{ what: 'settings' }] }), ['note old-members']);
  t.same(judged([imageOf()], { changes: null }), []);
  t.same(judged([without('watchlist')], { changes: GRAVE }), ['unknown no-engine']);
});

test('modules by level and by file', async (t) => {
  t.same(modulesOfLevels([1, 5, 6]), ['md_mod', 'raid1', 'raid456']);
  t.same(modulesOfLevels([0, 10, -1]), ['md_mod', 'raid0', 'raid10', 'linear']);
  t.same(modulesOfLevels([]), []);
  t.equal(moduleName('lib/modules/x/kernel/drivers/md/md-mod.ko.zst'), 'md_mod');
  t.equal(moduleName('etc/raid1.conf'), null);
});

test('who made an image is who builds it again', async (t) => {
  const old = { ...without('mdadm'), generator: DRACUT };
  t.match(findings([old]), [{ code: 'no-mdadm', generator: { name: 'dracut' } }]);
  const more = { changes: GRAVE, generator: DRACUT };
  t.match(findings([imageOf()], more), [{ code: 'old-list', generator: { name: 'dracut' } }]);
});
