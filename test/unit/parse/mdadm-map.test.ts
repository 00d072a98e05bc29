import { test } from 'tap';
import { parseMdadmMap } from '../../../src/core/parse/mdadm-map.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('1.x has its words turned round, 0.90 has not, containers are left out', async (t) => {
  const map = parseMdadmMap(
    [
      'md0 1.2 67452301:efcdab89:67452301:efcdab89 /dev/md/root',
      'md1 0.90 01234567:89abcdef:01234567:89abcdef /dev/md1',
      'md_d2 1.0 00000001:00000000:00000000:00000000 /dev/md_d2',
      'md127 imsm 11111111:22222222:33333333:44444444 /dev/md/imsm0',
      'md126 /md127/0 11111111:22222222:33333333:44444444 /dev/md/v',
      'sda 1.2 11111111:22222222:33333333:44444444 /dev/sda',
      'md9 1.2 zz /dev/md9',
      '',
    ].join('\n'),
  );
  t.same(
    [...map],
    [
      ['md0', '01234567:89abcdef:01234567:89abcdef'],
      ['md1', '01234567:89abcdef:01234567:89abcdef'],
      ['md_d2', '01000000:00000000:00000000:00000000'],
    ],
  );
});

test('no text makes it throw', async () => survivesAnyText(parseMdadmMap));
