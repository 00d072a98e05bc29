import { test } from 'tap';
import { parseFstab } from '../../../src/core/parse/fstab.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('fstab', async (t) => {
  const { entries, faults } = parseFstab(
    [
      '# comment',
      '',
      'UUID="a-b" / ext4 errors=remount-ro 0 1',
      '\tLABEL=my\\040root\t/mnt\\011x//  ext4\tnoauto,x-initrd.mount',
      '/dev/sda1 none swap sw 0 0',
      'garbled',
      'x relative ext4',
      'bad\x07 / ext4',
    ].join('\n'),
    'fstab',
  );
  t.match(entries, [
    { line: 3, source: 'UUID=a-b', mountPoint: '/', fsType: 'ext4', options: ['errors=remount-ro'] },
    { line: 4, source: 'LABEL=my root', mountPoint: '/mnt\tx', options: ['noauto', 'x-initrd.mount'] },
    { line: 5, mountPoint: 'none', fsType: 'swap' },
  ]);
  t.same(
    faults.map(({ at, why }) => `${at} ${why}`),
    [
      'fstab:6 has fewer than three fields (source, mount point, type), skipped',
      'fstab:7 has a mount point that does not begin with "/", skipped',
      'fstab:8 has control characters, skipped',
    ],
  );
  t.match(parseFstab('a / b\r\nc /d e', 'x').entries, { length: 2 });
});

test('no text makes it throw', async () => survivesAnyText(parseFstab));
