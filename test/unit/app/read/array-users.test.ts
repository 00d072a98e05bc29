import { test } from 'tap';
import { readUsers } from '../../../../src/app/read/array-users.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const paths = { sys: '/sys', dev: '/dev', proc: '/proc', run: '/run', etc: '/etc', varLib: '/var/lib' };
const BLOCK = '/sys/class/block';

test('mounts and swap above an array, through what stands on it', async (t) => {
  const files = new MemoryFiles({
    '/proc/self/mountinfo': [
      '1 0 253:1 / / rw - ext4 /dev/dm-1 rw',
      '2 1 253:1 /srv /mnt/bound rw - ext4 /dev/dm-1 rw',
      '3 1 0:40 /@home /home rw - btrfs /dev/md1 rw',
      '4 1 9:2 / /with\\040space rw - ext4 /dev/md2p1 rw',
      '5 1 0:50 / /proc rw - proc proc rw',
      'torn',
    ].join('\n'),
    '/proc/swaps': 'Filename Type Size Used Priority\n/dev/dm-2 partition 100 0 -2\n/swapfile file 1 0 -3\n',
    [`${BLOCK}/md0/dev`]: '9:0',
    [`${BLOCK}/md0/holders/dm-0`]: '',
    [`${BLOCK}/dm-0/dev`]: '253:0',
    [`${BLOCK}/dm-0/holders/dm-1`]: '',
    [`${BLOCK}/dm-0/holders/dm-2`]: '',
    [`${BLOCK}/dm-1/dev`]: '253:1',
    [`${BLOCK}/dm-1/holders/dm-0`]: '',
    [`${BLOCK}/dm-2/dev`]: '253:2',
    [`${BLOCK}/md1/dev`]: '9:1',
    [`${BLOCK}/md2/md2p1/x`]: '',
    [`${BLOCK}/md2p1/dev`]: '9:2',
  });
  files.numbers.set('/dev/md1', '9:1');
  files.numbers.set('/dev/dm-2', '253:2');
  const users = await readUsers({ files, paths }, ['md0', 'md1', 'md2', 'md9']);
  t.same(Object.fromEntries(users), {
    md0: ['/', 'swap'],
    md1: ['/home'],
    md2: ['/with space'],
    md9: [],
  });
});
