import { test } from 'tap';
import { parseMdadmConf } from '../../../src/core/parse/mdadm-conf.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('mdadm.conf', async (t) => {
  const text = `DEVICE partitions
HOMEHOST <system>
ARRAY /dev/md0 metadata=1.2 UUID=aaaaaaaa:bbbbbbbb:cccccccc:dddddddd
array /dev/md/1
   metadata=1.2   # one line
\tuuid=00000000111111112222222233333333
ARR "/dev/md 2" "UUID=01234567-89ab-cdef-0123-456789abcdef"
# ARRAY /dev/md9 UUID=99999999:99999999:99999999:99999999
ARRAY <ignore> name=host:data
ARRAY super-minor=3
HOMEHOST other
`;
  const { arrays } = parseMdadmConf(text);
  t.same(arrays, [
    { devName: '/dev/md0', uuid: 'aaaaaaaa:bbbbbbbb:cccccccc:dddddddd', name: null, byDevices: false },
    { devName: '/dev/md/1', uuid: '00000000:11111111:22222222:33333333', name: null, byDevices: false },
    { devName: '/dev/md 2', uuid: '01234567:89abcdef:01234567:89abcdef', name: null, byDevices: false },
    { devName: '<ignore>', uuid: null, name: 'host:data', byDevices: false },
    { devName: null, uuid: null, name: null, byDevices: true },
  ]);
  t.strictSame(parseMdadmConf('').arrays, []);
});

test('no text makes it throw', async () => survivesAnyText(parseMdadmConf));

test('whom mdadm writes to, and what it runs', async (t) => {
  const { mailTo, mailFrom, program } = parseMdadmConf(
    'MAILADDR ops@example.org\nmailaddr other@example.org\nMAILFROM "RAID box" x\nPROGRAM /usr/sbin/handle # why\n',
  );
  t.same([mailTo, mailFrom, program], ['ops@example.org', 'RAID box x', '/usr/sbin/handle']);
  t.match(parseMdadmConf('MAILADDR\n# PROGRAM /x\n'), { mailTo: null, mailFrom: null, program: null });
});
