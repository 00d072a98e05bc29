import { test } from 'tap';
import { areThere, awaitedSources } from '../../../../src/app/read/awaited-sources.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

test('before a passphrase what is unlocked is awaited, else root', async (t) => {
  const plain = new MemoryFiles();
  t.same(await awaitedSources(plain, 'before-passphrase', 'UUID=r'), ['UUID=r']);
  t.same(await awaitedSources(plain, 'all', null), []);
  const encrypted = new MemoryFiles({ '/cryptroot/crypttab': 'a UUID=1 none luks\nb /dev/vg/b none luks\n' });
  t.same(await awaitedSources(encrypted, 'before-passphrase', '/dev/vg/root'), ['UUID=1', '/dev/vg/b']);
  t.same(await awaitedSources(encrypted, 'all', '/dev/vg/root'), ['/dev/vg/root']);
});

test('whether all of them are there', async (t) => {
  const files = new MemoryFiles();
  files.realPath = async (path) =>
    ({ '/dev/disk/by-uuid/1': '/dev/md0', '/dev/vg/b': '/dev/dm-1' })[path] ?? null;
  const machine = { files, paths: { dev: '/dev' } };
  const md0 = { device: 'md0', external: false, uuid: null, degraded: null, deadMembers: [] };
  t.equal(await areThere(machine, [], []), null);
  t.equal(await areThere(machine, ['UUID=1', '/dev/vg/b'], []), true);
  t.equal(await areThere(machine, ['UUID=1', '/dev/vg/c'], []), false);
  t.equal(await areThere(machine, ['UUID=1'], [{ ...md0, state: 'inactive' }]), false);
  t.equal(await areThere(machine, ['UUID=1', 'ZFS=x'], []), null, 'one cannot be seen');
});
