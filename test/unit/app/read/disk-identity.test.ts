import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { readDiskIdentity } from '../../../../src/app/read/disk-identity.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const identity = (texts: Readonly<Record<string, string>>) =>
  readDiskIdentity(
    { files: new MemoryFiles({ '/sys/class/block/sda1/dev': '8:1\n', ...texts }), paths: REAL_PATHS },
    'sda1',
  );

test('as udev knows it', async (t) => {
  const links = 'S:disk/by-id/wwn-0x5-part1\nS:disk/by-id/ata-WDC_WCC7K1-part1\nS:disk/by-path/pci-0-part1\n';
  const udev = 'E:ID_MODEL=WDC_WD40EFRX-68N\nE:ID_SERIAL=WDC_WD40EFRX-68N_WCC7K1\nE:ID_SERIAL_SHORT=WCC7K1\n';
  const texts = { '/run/udev/data/b8:1': `${links}${udev}`, '/sys/class/block/sda1/size': '2048\n' };
  t.same(await identity(texts), {
    byId: 'ata-WDC_WCC7K1-part1',
    model: 'WDC WD40EFRX-68N',
    serial: 'WCC7K1',
    sizeBytes: 1_048_576,
  });
});

test('what udev does not know is not made up', async (t) => {
  t.equal(await identity({}), null);
  t.equal(await identity({ '/run/udev/data/b8:1': 'E:ID_FS_TYPE=linux_raid_member\n' }), null);
  t.same(await identity({ '/run/udev/data/b8:1': 'E:ID_SERIAL=abc\n' }), {
    ...{ byId: null, model: null, sizeBytes: null },
    serial: 'abc',
  });
});
