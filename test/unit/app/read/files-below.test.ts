import { test } from 'tap';
import { filesBelow } from '../../../../src/app/read/files-below.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

function target() {
  const files = new MemoryFiles({
    '/target/etc/plain': 'plain',
    '/target/srv/etc/fstab': "the target's",
    '/srv/etc/fstab': "the host's",
    '/etc/passwd': "the host's",
    '/sys/block/x': 'elsewhere',
  });
  const links = {
    '/target/etc/fstab': '/srv/etc/fstab',
    '/target/etc/relative': '../srv/etc/fstab',
    '/target/etc/out': '../../../etc/passwd',
    '/target/etc/folder': '/srv/etc',
    '/target/etc/loop': 'loop',
    '/target/etc/chain': 'fstab',
  };
  for (const [path, to] of Object.entries(links)) files.links.set(path, to);
  return filesBelow(files, '/target');
}

const table: readonly (readonly [path: string, text: string | null])[] = [
  ['/target/etc/plain', 'plain'],
  ['/target/etc/fstab', "the target's"],
  ['/target/etc/relative', "the target's"],
  ['/target/etc/chain', "the target's"],
  ['/target/etc/folder/fstab', "the target's"],
  ['/target/etc/./../etc/plain', 'plain'],
  ['/target/etc/out', null],
  ['/target/etc/loop', null],
  ['/sys/block/x', 'elsewhere'],
];

test('links stay below the root', async (t) => {
  for (const [path, text] of table) {
    t.equal(await target().readText(path), text, path);
    t.match(await target().readTextOrReason(path), text === null ? { reason: 'missing' } : { text }, path);
  }
  t.same(await target().list('/target/etc/folder'), ['fstab']);
  t.equal(await target().realPath('/target/etc/fstab'), '/target/srv/etc/fstab');
  t.equal(await target().exists('/target/etc/out'), false);
});
