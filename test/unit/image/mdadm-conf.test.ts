import { test } from 'tap';
import { imageMdadmConf } from '../../../src/core/image/mdadm-conf.ts';
import type { Watchlist } from '../../../src/core/watchlist/watchlist.ts';

const array = (uuid: string, devicePath: string, container: string | null = null) => ({
  uuid,
  devicePath,
  container,
  name: devicePath.replace('/dev/md/', ''),
});
const LISTED = [
  array('aaaaaaaa:aaaaaaaa:aaaaaaaa:aaaaaaaa', '/dev/md/root'),
  array('bbbbbbbb:bbbbbbbb:bbbbbbbb:bbbbbbbb', '/dev/md1'),
  array('cccccccc:cccccccc:cccccccc:cccccccc', '/dev/md126', 'dddddddd:dddddddd:dddddddd:dddddddd'),
];
const watchlist = { arrays: LISTED } as unknown as Watchlist;
const ADDED = '# added by reliable-raid for this image\n';

test('mdadm.conf of an image', async (t) => {
  const root = 'ARRAY /dev/md/root UUID=aaaaaaaa:aaaaaaaa:aaaaaaaa:aaaaaaaa\n';
  const second = 'ARRAY /dev/md1 UUID=bbbbbbbb:bbbbbbbb:bbbbbbbb:bbbbbbbb\n';
  const nameless = 'ARRAY UUID=bbbbbbbb:bbbbbbbb:bbbbbbbb:bbbbbbbb\n';
  const reinstalled = 'ARRAY /dev/md/1 UUID=99999999:99999999:99999999:99999999\n';
  const table: [string, string, string][] = [
    ['empty', '', `${ADDED}${root}${second}`],
    ['as Debian makes it', 'HOMEHOST <system>\n', `HOMEHOST <system>\n${ADDED}${root}${second}`],
    ['without a last line end', 'HOMEHOST other', `HOMEHOST other\n${ADDED}${root}${second}`],
    ['nothing to add', `HOMEHOST host\n${root}${second}`, `HOMEHOST host\n${root}${second}`],
    [
      'a name that is taken',
      `HOMEHOST x\n${reinstalled}`,
      `HOMEHOST x\n${reinstalled}${ADDED}${root}${nameless}`,
    ],
    [
      'known by its name',
      'HOMEHOST x\nARRAY a name=Host:ROOT\n',
      `HOMEHOST x\nARRAY a name=Host:ROOT\n${ADDED}${second}`,
    ],
    ['known by devices', 'HOMEHOST x\nARRAY a devices=/dev/sd*\n', 'HOMEHOST x\nARRAY a devices=/dev/sd*\n'],
    ['by a minor number', 'HOMEHOST x\nARRAY a super-minor=1\n', 'HOMEHOST x\nARRAY a super-minor=1\n'],
    [
      'other spellings',
      'homehost "<system>"\nARRAY x uuid=aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa\n',
      `homehost "<system>"\nARRAY x uuid=aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa\n${ADDED}${second}`,
    ],
  ];
  for (const [name, before, after] of table) {
    t.same(imageMdadmConf(before, watchlist), { text: after, warnings: [] }, name);
    t.equal(imageMdadmConf(after, watchlist).text, after, 'nothing is added twice');
  }
  t.match(imageMdadmConf('ARRAY <ignore> UUID=bbbbbbbb:bbbbbbbb:bbbbbbbb:bbbbbbbb', watchlist).warnings, [
    /ignore array bbbbbbbb:.* needed to boot/,
  ]);
});
