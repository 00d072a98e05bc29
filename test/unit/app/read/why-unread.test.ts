import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { DeviceObserver } from '../../../../src/app/read/device-observer.ts';
import { deniedOf, whyUnread } from '../../../../src/app/read/why-unread.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const block = (name: string, number: string, udev = '') => ({
  [`/sys/class/block/${name}/dev`]: `${number}\n`,
  [`/run/udev/data/b${number}`]: `E:ID_FS_TYPE=${udev}\n`,
  [`/dev/${name}`]: '',
});

function machine() {
  const files = new MemoryFiles({
    ...block('sda1', '8:1', 'linux_raid_member'),
    ...block('sdb1', '8:17', 'isw_raid_member'),
    ...block('sdc1', '8:33', 'ext4'),
    ...block('sdd1', '8:49'),
    '/sys/class/block/sdd1/holders/md0': '',
    '/sys/class/block/md0/md/array_state': 'clean\n',
    '/sys/class/block/md0/md/dev-sdd1/state': 'in_sync\n',
    ...block('sr0', '11:0', 'linux_raid_member'),
    '/sys/class/block/gone/dev': '8:99\n',
    '/dev/watchdog': '',
  });
  for (const name of ['sda1', 'sdb1', 'sdc1', 'sdd1', 'sr0'])
    files.broken.set(`/dev/${name}`, { reason: 'denied', detail: 'EACCES' });
  return { files, paths: REAL_PATHS };
}

test('why nothing could be read', async (t) => {
  const host = machine();
  t.match(await whyUnread(host, 'nosuch'), { kind: 'missing', why: 'no such device' });
  t.match(await whyUnread(host, 'gone'), { kind: 'missing', why: /no node/ });
  t.match(await whyUnread(host, 'sda1'), { kind: 'denied', why: /as root/ });
  host.files.broken.set('/dev/sda1', { reason: 'error', detail: 'ENXIO' });
  t.match(await whyUnread(host, 'sda1'), { kind: 'error', why: /ENXIO/ });
  host.files.broken.delete('/dev/sda1');
  t.equal(await whyUnread(host, 'sda1'), null);
});

test('what is no block device is not opened', async (t) => {
  const host = machine();
  const asked: string[] = [];
  const { files } = host;
  const read = files.readTextOrReason.bind(files);
  Object.assign(files, {
    readTextOrReason: (path: string) => {
      asked.push(path);
      return read(path);
    },
  });
  t.match(await whyUnread(host, 'watchdog'), { kind: 'no-block-device', why: 'it is no block device' });
  t.same(asked, []);
});

test('members that may not be read, by udev or by what holds them', async (t) => {
  const host = machine();
  const observer = new DeviceObserver(host.files, host.paths);
  await observer.rescanAll();
  const denied = await deniedOf(host, observer.unreadMembers);
  t.same(
    denied.map(({ device }) => device),
    ['sda1', 'sdb1', 'sdd1'],
  );
  host.files.broken.delete('/dev/sda1');
  t.same(
    (await deniedOf(host, observer.unreadMembers)).map(({ device }) => device),
    ['sdb1', 'sdd1'],
    'one that can be opened only carries nothing',
  );
});
