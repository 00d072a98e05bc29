import { test } from 'tap';
import { parseMountinfo } from '../../../src/core/parse/mountinfo.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('what is mounted', async (t) => {
  const text = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/root rw',
    '23 1 0:29 /@home /home rw - btrfs /dev/md1 rw,subvol=/@home',
    '24 22 254:3 / /with\\040blank rw master:1 shared:2 - xfs /dev/mapper/a rw',
    '25 1 9:0 / / rw - ext4 /dev/md0 rw',
    'garbled',
  ].join('\n');
  t.same(parseMountinfo(text), [
    { device: '9:0', rootInFs: '/', mountPoint: '/', fsType: 'ext4', source: '/dev/md0' },
    { device: '0:29', rootInFs: '/@home', mountPoint: '/home', fsType: 'btrfs', source: '/dev/md1' },
    { device: '254:3', rootInFs: '/', mountPoint: '/with blank', fsType: 'xfs', source: '/dev/mapper/a' },
  ]);
});

test('no text makes it throw', async () => survivesAnyText(parseMountinfo));
