// `resolve` over what real machines of several Debian releases said (test/boot/real-kernel/run.ts --record).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { resolve } from '../../../../src/app/watchlist/resolve.ts';
import { renderDot } from '../../../../src/core/render/tree/dot.ts';
import { renderSvg } from '../../../../src/core/render/tree/svg.ts';
import { renderTree } from '../../../../src/core/render/tree/tree.ts';
import { formatWatchlist, parseWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { compare, type Expectation, recordedUuids } from '../../../support/expected-watchlist.ts';
import { recordedMachine, type TextFiles } from '../../../support/recorded-machine.ts';

const recorded = join(import.meta.dirname, '../../../fixtures/recorded');
const cases = readdirSync(recorded)
  .flatMap((suite) => readdirSync(join(recorded, suite)).map((name) => join(recorded, suite, name)))
  .filter((folder) => existsSync(join(folder, 'expect.json')));

const readFolder = (folder: string): TextFiles =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

const machineOf = (folder: string, texts: TextFiles = {}) => {
  const recording = readFolder(folder);
  return recordedMachine(recording, { '/etc/fstab': recording['fstab'] ?? '', ...texts });
};

const REQUEST = { root: '/', fstab: null, resume: null, guessResume: false };

t.ok(cases.length >= 8, 'there are recordings');

for (const folder of cases) {
  const recording = readFolder(folder);
  const { resume, ...expectation } = JSON.parse(recording['expect.json'] ?? '') as Expectation & {
    resume: string | null;
  };
  t.test(folder.slice(recorded.length + 1), async (t) => {
    const machine = machineOf(folder);
    const { watchlist } = await resolve(machine, { ...REQUEST, resume });
    if (!watchlist.ok) return t.fail(`${watchlist.at}: ${watchlist.why}`);
    const { found, wanted } = compare(watchlist.value, expectation, recordedUuids(recording));
    t.same(found, wanted);
    t.ok(parseWatchlist(formatWatchlist(watchlist.value)).ok, 'the file can be read back');
    const programs = machine.calls.map(([program]) => program);
    t.equal(new Set(programs).size, programs.length, `each program was asked once: ${programs.join(', ')}`);
    const tree = renderTree(watchlist.value);
    t.notMatch(tree, /[^\n\x20-\x7e]/, 'the tree is ASCII');
    t.ok(
      tree.split('\n').every((line) => line.length <= 80),
      'the tree has 80 columns',
    );
    t.match(renderDot(watchlist.value.tree), /^digraph boot \{\n[\s\S]*\}\n$/);
    t.match(renderSvg(watchlist.value.tree), /^<svg [\s\S]*<\/svg>\n$/);
    for (const array of watchlist.value.arrays)
      for (const { disk, role } of array.members)
        t.ok(disk.sizeBytes, `${array.devicePath} ${role} has a size`);
  });
}

const withTool = (folder: string, change: (recording: Record<string, string>) => void, fstab?: string) => {
  const recording: Record<string, string> = { ...readFolder(folder) };
  change(recording);
  return recordedMachine(recording, { '/etc/fstab': fstab ?? recording['fstab'] ?? '' });
};

const folderOf = (name: string): string => cases.find((folder) => folder.endsWith(`/${name}`)) ?? '';

t.test('a tool that is missing costs no more than it must', async (t) => {
  const without = async (file: string, name: string) => {
    const machine = withTool(folderOf(name), (recording) => delete recording[file]);
    return resolve(machine, REQUEST);
  };
  const noDmsetup = await without('dmsetup.txt', 'lvm-on-luks');
  t.ok(noDmsetup.watchlist.ok, 'without dmsetup, sysfs tells the same');
  t.match(noDmsetup.warnings.join('\n'), /dmsetup: could not be run: not found; sysfs is asked instead/);
  const same = await resolve(machineOf(folderOf('lvm-on-luks')), REQUEST);
  if (noDmsetup.watchlist.ok && same.watchlist.ok)
    t.same(noDmsetup.watchlist.value.arrays, same.watchlist.value.arrays);
  const noPvs = await without('pvs.txt', 'lvm-kinds');
  t.match(noPvs.watchlist, { ok: false, at: 'LVM', why: /pvs reports nothing about the volume group/ });
  t.match(noPvs.warnings.join('\n'), /pvs: could not be run: not found/);
  const noLsblk = await without('lsblk.json', 'lvm-on-luks');
  t.match(noLsblk.watchlist, { ok: false, at: 'lsblk', why: 'could not be run: not found' });
  const noMdadm = await without('mdadm-md0.txt', 'lvm-on-luks');
  t.match(noMdadm.watchlist, {
    ok: false,
    at: '/dev/md0',
    why: /mdadm reports nothing about it, and \/ needs it/,
  });
});

t.test('what udev does not know, blkid does', async (t) => {
  const machine = withTool(folderOf('metadata-versions'), (recording) => {
    const lsblk = JSON.parse(recording['lsblk.json'] ?? '') as { blockdevices: Record<string, unknown>[] };
    for (const device of lsblk.blockdevices)
      for (const key of ['fstype', 'label', 'uuid']) device[key] = null;
    recording['lsblk.json'] = JSON.stringify(lsblk);
  });
  const { watchlist } = await resolve(machine, REQUEST);
  t.match(watchlist, { ok: true, value: { arrays: { length: 3 } } });
  t.ok(machine.calls.some(([program]) => program === 'blkid'));
});

t.test('a root that cannot be found says where and why', async (t) => {
  const faults: [string, RegExp][] = [
    ['UUID=00000000-dead / ext4 defaults', /UUID=00000000-dead: no block device matches it.*\/etc\/fstab:1/],
    ['/dev/nowhere / ext4 defaults', /\/dev\/nowhere: no block device/],
    ['LABEL=\\033[2J / ext4 defaults', /LABEL=\\x1b\[2J: no block device/],
    ['# nothing', /neither fstab, the kernel command line nor a mounted device says where it is/],
  ];
  for (const [fstab, why] of faults) {
    const { watchlist } = await resolve(
      withTool(folderOf('lvm-on-luks'), () => undefined, `${fstab}\n`),
      REQUEST,
    );
    t.equal(watchlist.ok, false, fstab);
    if (!watchlist.ok) t.match(`${watchlist.at}: ${watchlist.why}`, why);
  }
});

t.test('a root on no block device is no fault, and is said', async (t) => {
  for (const fstab of [
    'server:/x / nfs ro',
    'rpool/ROOT / zfs defaults',
    '/dev/sda:/dev/sdb / bcachefs defaults',
  ]) {
    const { watchlist, warnings } = await resolve(
      withTool(folderOf('lvm-on-luks'), () => undefined, `${fstab}\n`),
      REQUEST,
    );
    t.match(watchlist, {
      ok: true,
      value: { arrays: { length: 0 }, tree: [{ children: [{ kind: 'unknown' }] }] },
    });
    t.match(warnings, { length: 1 });
  }
});

t.test('the kernel, fstab and what is mounted may differ: all are followed, and that is said', async (t) => {
  const folder = folderOf('metadata-versions');
  const machine = machineOf(folder, {
    '/proc/cmdline': 'quiet root=LABEL=usr ro resume=LABEL=swap\n',
    '/proc/self/mountinfo': '20 1 9:2 / / rw - ext4 /dev/md2 rw\n',
    '/proc/1/mountinfo': '20 1 9:2 / / rw - ext4 /dev/md2 rw\n',
  });
  const { watchlist, warnings } = await resolve(machine, REQUEST);
  if (!watchlist.ok) return t.fail(watchlist.why);
  const needing = watchlist.value.arrays.filter(({ neededBy }) => neededBy.includes('/'));
  t.same(needing.map(({ devicePath }) => devicePath).sort(), ['/dev/md0', '/dev/md1', '/dev/md2']);
  t.match(
    warnings.join('\n'),
    /\/: \/etc\/fstab:1 says md0, but the kernel command line says md1; both are followed/,
  );
  t.match(
    warnings.join('\n'),
    /\/: \/etc\/fstab:1 says md0, but what is mounted says md2; both are followed/,
  );
  t.ok(watchlist.value.arrays.some(({ neededBy }) => neededBy.includes('resume')));
});

t.test('what crypttab has the image open counts where no mount needs it anyway', async (t) => {
  const machine = machineOf(folderOf('lvm-on-luks'), {
    '/etc/crypttab':
      'md0_crypt /dev/md0 none luks,initramfs\nkeys LABEL=data none luks,initramfs\nlate /dev/md9 none luks\n',
  });
  const { watchlist, warnings } = await resolve(machine, REQUEST);
  t.same(warnings, []);
  if (!watchlist.ok) return t.fail(watchlist.why);
  t.same(watchlist.value.arrays.map(({ devicePath, neededBy }) => [devicePath, neededBy]).sort(), [
    ['/dev/md0', ['/']],
    ['/dev/md1', ['crypttab keys']],
  ]);
});

t.test('in a chroot the kernel command line is not about our root', async (t) => {
  const machine = machineOf(folderOf('metadata-versions'), {
    '/proc/cmdline': 'root=LABEL=usr\n',
    '/proc/self/mountinfo': '20 1 9:0 / / rw - ext4 /dev/md0 rw\n',
    '/proc/1/mountinfo': '20 1 98:0 / / rw - ext4 /dev/ubda rw\n',
    '/etc/hostname': 'target\n',
    '/proc/sys/kernel/hostname': 'installer\n',
  });
  const { watchlist, warnings } = await resolve(machine, REQUEST);
  t.same(warnings, []);
  t.match(watchlist, { ok: true, value: { hostName: 'target' } });
});

t.test('a root under another folder', async (t) => {
  const recording = readFolder(folderOf('metadata-versions'));
  const machine = recordedMachine(recording, {
    '/etc/fstab': 'LABEL=usr / ext4 defaults',
    '/target/etc/fstab': 'LABEL=root / ext4 defaults\n',
    '/target/etc/hostname': '# name\nnew.example\n',
    '/target/etc/initramfs-tools/initramfs.conf': 'RESUME=LABEL=swap # here\n',
    '/target/etc/reliable-raid/config.toml': 'wait = 7\n',
    '/proc/cmdline': 'root=LABEL=usr',
    '/proc/self/mountinfo': '1 0 98:0 / / rw - ext4 /dev/ubda rw\n2 1 9:0 / /target rw - ext4 /dev/md0 rw\n',
  });
  const { watchlist, warnings } = await resolve(machine, { ...REQUEST, root: '/target' });
  t.same(warnings, []);
  if (!watchlist.ok) return t.fail(watchlist.why);
  t.equal(watchlist.value.hostName, 'new.example');
  t.same(watchlist.value.arrays.map(({ neededBy }) => neededBy).sort(), [['/'], ['resume']]);
  t.ok(watchlist.value.arrays.every(({ waitMs }) => waitMs === 7000));
});

t.test('disks and their tools may contradict themselves: a loop is cut and named', async (t) => {
  const machine = withTool(folderOf('md-on-md-partitioned'), (recording) => {
    recording['files.txt'] = (recording['files.txt'] ?? '').replace(
      /^list \/sys\/class\/block\/md0\/slaves .*$/m,
      'list /sys/class/block/md0/slaves ubdb md2',
    );
  });
  const { watchlist, warnings } = await resolve(machine, REQUEST);
  t.match(warnings.join('\n'), /md0 stands on md2, which stands on md0: a loop, cut there/);
  t.ok(watchlist.ok, 'the rest is resolved');
});

t.test('whatever the tools print, it ends in a watchlist that can be read or in a reason', async () => {
  const recordings = cases.map(readFolder);
  const names = [
    'lsblk.json',
    'dmsetup.txt',
    'pvs.txt',
    'blkid.txt',
    'files.txt',
    'blocks.txt',
    'mdadm-md0.txt',
    'fstab',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...recordings),
      fc.array(
        fc.tuple(
          fc.constantFrom(...names),
          fc.nat(20_000),
          fc.nat(40),
          fc.string({ unit: 'binary', maxLength: 9 }),
        ),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      async (whole, changes) => {
        const recording: Record<string, string> = { ...whole };
        for (const [name, at, length, text] of changes) {
          const old = recording[name] ?? '';
          const from = old.length === 0 ? 0 : at % old.length;
          recording[name] = old.slice(0, from) + text + old.slice(from + length);
        }
        const machine = recordedMachine(recording, { '/etc/fstab': recording['fstab'] ?? '' });
        const { watchlist, warnings } = await resolve(machine, REQUEST);
        const said = watchlist.ok ? warnings : [...warnings, watchlist.at, watchlist.why];
        for (const text of said) if (/[\x00-\x1f\x7f-\x9f]/.test(text)) throw new Error(JSON.stringify(text));
        if (watchlist.ok && !parseWatchlist(formatWatchlist(watchlist.value)).ok)
          throw new Error('unreadable');
      },
    ),
    { numRuns: 400 },
  );
});
