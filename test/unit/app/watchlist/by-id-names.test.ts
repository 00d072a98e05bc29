import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { readByIdNames } from '../../../../src/app/watchlist/by-id-names.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

test('all names of a device, and none of links that lead nowhere', async (t) => {
  const files = new MemoryFiles({ '/dev/disk/by-id/plain': '' });
  files.links.set('/dev/disk/by-id/ata-a', '../../sda');
  files.links.set('/dev/disk/by-id/wwn-a', '../../sda');
  files.links.set('/dev/disk/by-id/ata-b', '../../sdb');
  files.links.set('/dev/disk/by-id/scsi-c', '../../cciss/c0d0');
  files.links.set('/dev/disk/by-id/odd', '../../');
  const names = await readByIdNames({ files, runner: answeringRunner(), paths: REAL_PATHS });
  t.same(
    [...names],
    [
      ['sda', ['ata-a', 'wwn-a']],
      ['sdb', ['ata-b']],
      ['cciss!c0d0', ['scsi-c']],
    ],
  );
});
