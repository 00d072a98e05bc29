import { test } from 'tap';
import { deviceName } from '../../../../src/app/read/device-name.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

test('a device as it was typed', async (t) => {
  const files = new MemoryFiles({ '/dev/sda1': '', '/dev/cciss/c0d0': '' });
  files.links.set('/dev/disk/by-id/ata-x', '/dev/sda1');
  files.links.set('/dev/evil', '/etc/shadow');
  const cases: readonly [typed: string, name: string | null][] = [
    ['sda1', 'sda1'],
    ['/dev/sda1', 'sda1'],
    ['/dev/disk/by-id/ata-x', 'sda1'],
    ['/dev/cciss/c0d0', 'cciss!c0d0'],
    ['cciss!c0d0', 'cciss!c0d0'],
    ['/dev/gone', 'gone'],
    ['/dev/evil', null],
    ['/etc/shadow', null],
    ['', null],
    ['.hidden', null],
    ['a b', null],
    ['x'.repeat(200), null],
  ];
  for (const [typed, name] of cases) t.equal(await deviceName(files, '/dev', typed), name, typed);
});
