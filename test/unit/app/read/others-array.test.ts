import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { isForeign, isOthers } from '../../../../src/app/read/others-array.ts';
import type { PresentMember } from '../../../../src/core/snapshot/snapshot.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { IMAGE, listOf } from '../../../support/ledger-entries.ts';
import { superblock } from '../../../support/member-devices.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const { uuid } = IMAGE;
const MACHINE = {
  '/proc/sys/kernel/hostname': 'box\n',
  '/etc/hostname': 'box.example\n',
};
const asked = (name: string, texts: Readonly<Record<string, string>> = {}) =>
  isOthers({ files: new MemoryFiles({ ...MACHINE, ...texts }), paths: REAL_PATHS }, uuid, name);

test('another machine is meant only where everything says so', async (t) => {
  t.ok(await asked('other:data'));
  for (const name of ['box:data', 'box.example:data', 'data', '', ':data', 'any:data'])
    t.notOk(await asked(name), name);
  t.notOk(await asked('other:data', { '/etc/mdadm/mdadm.conf': `ARRAY /dev/md0 UUID=${uuid}\n` }));
  t.notOk(await asked('other:data', { '/etc/mdadm.conf': `ARRAY /dev/md0 UUID=${uuid}\n` }));
  t.notOk(
    await asked('other:data', { '/var/lib/reliable-raid/watchlist.json': formatWatchlist(listOf(IMAGE)) }),
  );
});

test('a running array is foreign only as long as nothing of this machine stands on it', async (t) => {
  const present = (name: string, isLocal?: true): PresentMember => ({
    ...{
      device: 'sda1',
      superblock: superblock({ number: 0, more: { name } }),
      boundTo: 'md7',
      faulty: false,
    },
    ...(isLocal ? { isLocal } : {}),
  });
  const foreign = (texts: Readonly<Record<string, string>>, member = present('other:data')) =>
    isForeign({ files: new MemoryFiles({ ...MACHINE, ...texts }), paths: REAL_PATHS }, uuid, 'md7', [member]);
  const mounted = (at: string) => ({
    '/sys/class/block/md7/dev': '9:7\n',
    '/proc/self/mountinfo': `1 1 9:7 / ${at} rw - ext4 /dev/md7 rw\n`,
    '/etc/fstab': 'UUID=x /srv ext4 defaults 0 2\n',
  });
  t.ok(await foreign({}));
  t.notOk(await foreign({}, present('box:data')));
  t.notOk(await foreign({}, present('other:data', true)), 'mdadm has called it local');
  t.ok(await foreign(mounted('/media/disk')), 'mounted by hand');
  t.notOk(await foreign(mounted('/srv')), 'mounted by fstab');
  t.notOk(await foreign(mounted('/')));
  t.notOk(
    await foreign({ ...mounted('/media/disk'), '/etc/mdadm/mdadm.conf': `ARRAY /dev/md7 UUID=${uuid}\n` }),
  );
});
