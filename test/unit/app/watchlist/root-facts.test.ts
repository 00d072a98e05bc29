import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { type RootRequest, readRootFacts } from '../../../../src/app/watchlist/root-facts.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const FSTAB = 'UUID=a / ext4 defaults 0 1\nbad\n';
const MOUNTS = '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n23 1 8:2 / /mnt/usr rw - ext4 /dev/sda2 rw\n';
const SYSTEM: Readonly<Record<string, string>> = {
  '/etc/fstab': FSTAB,
  '/etc/crypttab': 'root UUID=c none luks\n',
  '/proc/self/mountinfo': MOUNTS,
  '/proc/1/mountinfo': MOUNTS,
  '/proc/cmdline': 'root=UUID=k resume=UUID=r quiet\n',
  '/proc/swaps': 'Filename Type Size\n/dev/sdb2 partition 100 0 -2\n',
  '/proc/sys/kernel/hostname': 'running\n',
  '/etc/hostname': '# name\nwritten\n',
  '/etc/initramfs-tools/initramfs.conf': 'RESUME=one\n',
  '/etc/initramfs-tools/conf.d/a': 'RESUME=two\n',
  '/etc/initramfs-tools/conf.d/b.bak': 'RESUME=three\n',
};
const REQUEST: RootRequest = { root: '/', fstab: null, resume: null, guessResume: true };

async function read(
  texts: Readonly<Record<string, string>>,
  more: Partial<RootRequest> = {},
  namespace: string | null = null,
  mounted: string | null = null,
) {
  const warnings: string[] = [];
  const files = new MemoryFiles(texts);
  if (namespace !== null) files.links.set(NAMESPACE, namespace);
  const runner = answeringRunner((argv) =>
    mounted !== null && argv.includes('--kernel') ? { stdout: mounted } : null,
  );
  const sources = { files, runner, paths: REAL_PATHS };
  return { found: await readRootFacts(sources, { ...REQUEST, ...more }, warnings), warnings };
}
const names = (parameters: readonly { readonly name: string }[]) => parameters.map(({ name }) => name);

test('the running system', async (t) => {
  const { found, warnings } = await read(SYSTEM);
  if (!found.ok) throw new Error(found.why);
  const { facts, hostName, etc } = found.value;
  t.same([hostName, etc, facts.resume.conf], ['running', '/etc', 'two']);
  t.same(names(facts.cmdline), ['root', 'resume', 'quiet']);
  t.equal(facts.resume.swaps.length, 1);
  t.equal(facts.mounts.length, 2);
  t.equal(facts.crypttab.length, 1);
  t.match(warnings, [/fstab:2/]);
});

test('no guess at the swap where nobody wants one', async (t) => {
  const { found } = await read(SYSTEM, { guessResume: false });
  t.match(found, { ok: true, value: { facts: { resume: { swaps: { length: 0 } } } } });
});

test('a chroot: neither its kernel command line nor its swaps are about our root', async (t) => {
  const { found } = await read({ ...SYSTEM, '/proc/1/mountinfo': MOUNTS.replace('8:1 / /', '8:9 / /') });
  t.match(found, {
    ok: true,
    value: { hostName: 'written', facts: { cmdline: { length: 0 }, resume: { swaps: { length: 0 } } } },
  });
});

const NAMESPACE = '/proc/self/ns/pid';

test('a container, or a chroot in a folder: the host is not followed, and that is said', async (t) => {
  const host = '20 1 9:0 / / rw - ext4 /dev/md0 rw\n';
  const folder = '21 1 0:5 / /proc rw - proc proc rw\n22 1 9:0 /usr /usr rw - ext4 /dev/md0 rw\n';
  const cases: readonly (readonly [
    what: string,
    texts: Readonly<Record<string, string>>,
    link: string | null,
  ])[] = [
    ['processes of its own', {}, 'pid:[4026532000]'],
    ["systemd's mark", { '/run/systemd/container': 'lxc\n' }, null],
    ["podman's mark", { '/run/.containerenv': '' }, null],
    ['a folder', { '/proc/self/mountinfo': folder, '/proc/1/mountinfo': host }, 'pid:[4026531836]'],
  ];
  for (const [what, texts, link] of cases) {
    const { found, warnings } = await read({ ...SYSTEM, ...texts }, {}, link);
    t.match(
      found,
      {
        ok: true,
        value: {
          hostName: 'written',
          facts: { cmdline: { length: 0 }, mounts: { length: 0 }, resume: { swaps: { length: 0 } } },
        },
      },
      what,
    );
    t.match(
      warnings.join(),
      /only \/etc\/fstab counts, neither the kernel command line nor what is mounted/,
      what,
    );
  }
  const usual = await read(SYSTEM, {}, 'pid:[4026531836]');
  t.match(usual.found, { ok: true, value: { hostName: 'running', facts: { mounts: { length: 2 } } } });
});

test('what is mounted, by findmnt where it answers', async (t) => {
  const filesystems = [{ 'maj:min': '9:7', fsroot: '/', target: '/', fstype: 'ext4', source: '/dev/md7' }];
  const { found } = await read(SYSTEM, {}, null, JSON.stringify({ filesystems }));
  t.match(found, { ok: true, value: { facts: { mounts: [{ device: '9:7' }] } } });
});

test("messages name the target's files", async (t) => {
  const { found, warnings } = await read(
    { ...SYSTEM, '/mnt/etc/fstab': FSTAB, '/mnt/etc/crypttab': 'x\n' },
    { root: '/mnt' },
  );
  t.match(found, {
    ok: true,
    value: { facts: { crypttabAt: '/mnt/etc/crypttab', fstabAt: '/mnt/etc/fstab' } },
  });
  t.match(warnings, [/^\/mnt\/etc\/fstab:2/, /^\/mnt\/etc\/crypttab:1/]);
});

test('another root: what is mounted below it, by its own names', async (t) => {
  const { found } = await read(
    { ...SYSTEM, '/mnt/etc/fstab': FSTAB, '/mnt/etc/hostname': 'x y\n' },
    { root: '/mnt' },
  );
  t.match(found, {
    ok: true,
    value: {
      etc: '/mnt/etc',
      hostName: '',
      facts: { mounts: [{ mountPoint: '/usr' }], cmdline: { length: 0 } },
    },
  });
});

test('a file instead of fstab: only it counts for root', async (t) => {
  const { found } = await read({ ...SYSTEM, '/x': FSTAB }, { fstab: '/x' });
  if (!found.ok) throw new Error(found.why);
  t.same([names(found.value.facts.cmdline), found.value.facts.mounts], [['resume', 'quiet'], []]);
  t.match((await read(SYSTEM, { fstab: '/gone' })).found, { ok: false, at: '/gone' });
});

test('a system without fstab is warned of', async (t) => {
  const { '/etc/fstab': _, ...rest } = SYSTEM;
  const { found, warnings } = await read(rest);
  t.match(found, { ok: true });
  t.match(warnings, [/^\/etc\/fstab: /]);
});
