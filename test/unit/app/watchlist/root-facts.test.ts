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

async function read(texts: Readonly<Record<string, string>>, more: Partial<RootRequest> = {}) {
  const warnings: string[] = [];
  const files = new MemoryFiles(texts);
  const sources = { files, runner: answeringRunner(), paths: REAL_PATHS };
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
