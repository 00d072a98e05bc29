import { test } from 'tap';
import {
  fstabByFindmnt,
  mountsByFindmnt,
  parseFindmntFstab,
  parseFindmntMounts,
  skippedByLibmount,
} from '../../../src/core/parse/findmnt-json.ts';
import { survivesAnyText } from '../../support/any-text.ts';

const said = (...filesystems: readonly object[]) => JSON.stringify({ filesystems });

test('an fstab', async (t) => {
  const text = said(
    { source: 'LABEL=Donnée x', target: '/usr/', fstype: 'ext4', options: 'ro,bind' },
    { source: '/dev/md0', target: 'none', fstype: 'swap', options: null },
  );
  t.same(parseFindmntFstab(text), {
    ok: true,
    value: [
      { source: 'LABEL=Donnée x', mountPoint: '/usr', fsType: 'ext4', options: ['ro', 'bind'] },
      { source: '/dev/md0', mountPoint: 'none', fsType: 'swap', options: ['defaults'] },
    ],
  });
  t.match(fstabByFindmnt('/target/etc/fstab').join(' '), /--fstab --tab-file \/target\/etc\/fstab /);
});

test('what is mounted: the later hides the earlier', async (t) => {
  const mount = (device: string, target: string) => ({
    ...{ 'maj:min': device, fsroot: '/', target },
    ...{ fstype: 'ext4', source: '/dev/x' },
  });
  t.match(parseFindmntMounts(said(mount('8:1', '/'), mount(' 9:0 ', '/'), mount('8:2', '/usr'))), {
    ok: true,
    value: [
      { device: '9:0', mountPoint: '/', rootInFs: '/' },
      { device: '8:2', mountPoint: '/usr' },
    ],
  });
  t.ok(mountsByFindmnt('/proc/self/mountinfo').includes('--nofsroot'));
});

test('lines that libmount skips', async (t) => {
  const stderr =
    'findmnt: /x: parse error at line 2 -- ignored\nfindmnt: /x: parse error at line 15 -- ignored\n';
  t.same(skippedByLibmount(stderr), [2, 15]);
});

test('what is no such output is a failure', async (t) => {
  for (const text of ['', '{', '{}', '{"filesystems":[{}]}', '{"filesystems":[{"source":7}]}']) {
    t.match(parseFindmntFstab(text), { ok: false }, text);
    t.match(parseFindmntMounts(text), { ok: false }, text);
  }
});

test('no text makes it throw', async () => {
  survivesAnyText(parseFindmntFstab);
  survivesAnyText(parseFindmntMounts);
  survivesAnyText(skippedByLibmount);
});
