import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import t from 'tap';
import { parseBlkidExport } from '../../../src/core/parse/blkid-export.ts';
import { opensInInitramfs, parseCrypttab } from '../../../src/core/parse/crypttab.ts';
import { parseDmsetupInfo } from '../../../src/core/parse/dmsetup-info.ts';
import { parseFstab } from '../../../src/core/parse/fstab.ts';
import { isConfName, lastAssignment } from '../../../src/core/parse/initramfs-conf.ts';
import { lastValue, parseKernelCmdline } from '../../../src/core/parse/kernel-cmdline.ts';
import { parseLsblkJson } from '../../../src/core/parse/lsblk-json.ts';
import { parsePvs } from '../../../src/core/parse/lvm-pvs.ts';
import { parseMdadmConf } from '../../../src/core/parse/mdadm-conf.ts';
import { parseMdadmDetailExport } from '../../../src/core/parse/mdadm-detail-export.ts';
import { parseMountinfo } from '../../../src/core/parse/mountinfo.ts';
import { parseProcSwaps } from '../../../src/core/parse/proc-swaps.ts';
import { parseSourceSpec } from '../../../src/core/topology/source-spec.ts';

const recorded = join(import.meta.dirname, '../../fixtures/recorded');

/** Every recorded output of that name. */
const recordings = (pattern: RegExp): string[] =>
  readdirSync(recorded, { recursive: true, encoding: 'utf8' })
    .filter((path) => pattern.test(path))
    .map((path) => readFileSync(join(recorded, path), 'utf8'));

t.test('fstab', async (t) => {
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

t.test('sources', async (t) => {
  const table: [string, string, object][] = [
    ['UUID=ab', 'ext4', { kind: 'tag', tag: 'UUID', value: 'ab' }],
    ['PARTLABEL=a=b', '', { kind: 'tag', tag: 'PARTLABEL', value: 'a=b' }],
    ['/dev/mapper/x', 'ext4', { kind: 'path', path: '/dev/mapper/x' }],
    ['8:1', '', { kind: 'number', majorMinor: '8:1' }],
    ['tmpfs', 'tmpfs', { kind: 'memory' }],
    ['server:/export', 'nfs4', { kind: 'elsewhere', why: /on the network/ }],
    ['10.0.0.1:/export', '', { kind: 'elsewhere', why: /on the network/ }],
    ['//server/share', 'cifs', { kind: 'elsewhere', why: /on the network/ }],
    ['/dev/nfs', '', { kind: 'elsewhere', why: /on the network/ }],
    ['rpool/ROOT', 'zfs', { kind: 'elsewhere', why: /ZFS/ }],
    ['ZFS=rpool/ROOT', '', { kind: 'elsewhere', why: /ZFS/ }],
    ['overlay', 'overlay', { kind: 'elsewhere', why: /overlay/ }],
    ['/swapfile', '', { kind: 'elsewhere', why: /does not name a block device/ }],
  ];
  for (const [source, fsType, spec] of table) t.match(parseSourceSpec(source, fsType), spec, source);
});

t.test('kernel command line', async (t) => {
  const parameters = parseKernelCmdline('root=UUID=a quiet  x="a b" root=LABEL="my root" resume=\n');
  t.equal(lastValue(parameters, 'root'), 'LABEL=my root');
  t.equal(lastValue(parameters, 'x'), 'a b');
  t.equal(lastValue(parameters, 'quiet'), null);
  t.equal(lastValue(parameters, 'resume'), '');
  t.equal(lastValue(parseKernelCmdline('a="unclosed b'), 'a'), 'unclosed b');
});

t.test('what is mounted', async (t) => {
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
  t.same(parseProcSwaps('Filename\tType\tSize\n/dev/dm-2   partition 123 0 -2\n/a\\040b file 5 0 -3\nx\n'), [
    { path: '/dev/dm-2', type: 'partition', sizeKib: 123 },
    { path: '/a b', type: 'file', sizeKib: 5 },
  ]);
});

t.test('crypttab', async (t) => {
  const { entries, faults } = parseCrypttab(
    '# c\nroot UUID=a none luks,initramfs\ndata /dev/b /key\nx\n',
    'crypttab',
  );
  t.match(entries, [
    { target: 'root', source: 'UUID=a', keyFile: 'none', line: 2 },
    { target: 'data', source: '/dev/b', keyFile: '/key' },
  ]);
  t.same(entries.map(opensInInitramfs), [true, false]);
  t.match(faults, [{ at: 'crypttab:4' }]);
});

t.test('mdadm.conf', async (t) => {
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

t.test('shell-style settings', async (t) => {
  const table: [string, string | null][] = [
    ['RESUME=UUID=a', 'UUID=a'],
    ['RESUME="LABEL=my swap" # x', 'LABEL=my swap'],
    ["export RESUME='none'", 'none'],
    ['RESUME=a\nRESUME=b;true', 'b'],
    ['#RESUME=a', null],
    ['RESUMED=a', null],
    ['RESUME=', ''],
    ['RESUME=/dev/a#b', '/dev/a#b'],
  ];
  for (const [text, value] of table) t.equal(lastAssignment(text, 'RESUME'), value, text);
  t.same(['resume', 'a.conf', 'x~', 'x.bak', 'x.dpkg-old', 'a b'].filter(isConfName), ['resume', 'a.conf']);
});

t.test('tools, over everything recorded', async (t) => {
  const outputs = {
    lsblk: /lsblk\.json$/,
    dmsetup: /dmsetup\.txt$/,
    mdadm: /\/mdadm-[^/]*\.txt$/,
    blkid: /blkid\.txt$/,
  };
  for (const text of recordings(outputs.lsblk)) t.match(parseLsblkJson(text), { ok: true });
  for (const text of recordings(outputs.dmsetup)) t.match(parseDmsetupInfo(text), { ok: true });
  for (const text of recordings(outputs.mdadm))
    t.match(parseMdadmDetailExport(text), { ok: true, value: { length: 1 } });
  for (const text of recordings(outputs.blkid)) t.ok(parseBlkidExport(text).length > 0);
  const together = recordings(outputs.mdadm);
  t.match(parseMdadmDetailExport(together.join('')), { ok: true, value: { length: together.length } });
});

t.test('mdadm --detail --export', async (t) => {
  const inactive =
    'MD_DEVICES=1\nMD_METADATA=1.2\nMD_UUID=ca751972:3ea8a74f:bf005bf7:2e50cf6d\nMD_DEVNAME=1\n';
  const member = 'MD_DEVICE_dev_ubdd_ROLE=spare\nMD_DEVICE_dev_ubdd_DEV=/dev/ubdd\n';
  t.match(parseMdadmDetailExport(inactive + member + inactive + member), {
    ok: true,
    value: [
      { level: null, devName: '1', members: [{ path: '/dev/ubdd', role: 'spare' }] },
      { level: null, devName: '1' },
    ],
  });
  t.match(
    parseMdadmDetailExport(
      'MD_LEVEL=raid1\nMD_DEVICES=2\nMD_CONTAINER=/dev/md/imsm0\nMD_MEMBER=0\nMD_UUID=11111111:22222222:33333333:44444444\n',
    ),
    { ok: true, value: [{ container: '/dev/md/imsm0', metadata: '' }] },
  );
  t.match(parseMdadmDetailExport('MD_LEVEL=raid1\nMD_DEVICES=2\n'), { ok: false, why: 'has no MD_UUID' });
  t.match(parseMdadmDetailExport('MD_LEVEL=raid1\nMD_UUID=zz\n'), { ok: false, why: /not an md UUID/ });
  t.match(parseMdadmDetailExport('mdadm: cannot open /dev/md7\n'), { ok: true, value: [] });
});

t.test('other tools', async (t) => {
  t.match(parseDmsetupInfo('dm-0/md0,sda1/CRYPT-LUKS2-x-a:b/a:b\nNo devices found\n'), {
    ok: true,
    value: [{ device: 'dm-0', standsOn: ['md0', 'sda1'], uuid: 'CRYPT-LUKS2-x-a:b', name: 'a:b' }],
  });
  t.match(parseDmsetupInfo('dm-0:md0'), { ok: false, at: 'dmsetup info, line 1' });
  t.match(parsePvs('  aa-bb|vg|/dev/md0\n  ||/dev/sdb\n  cc|vg|[unknown]\n'), [
    { path: '/dev/md0', groupId: 'aabb', groupName: 'vg' },
    { path: '/dev/sdb', groupId: '' },
  ]);
  t.match(parseBlkidExport('DEVNAME=/dev/a\nLABEL=my\\ label\nTYPE=ext4\n\nTYPE=x\n'), [
    { path: '/dev/a', label: 'my label', fsType: 'ext4', uuid: null },
  ]);
  t.match(parseLsblkJson('{"blockdevices":[{"kname":"a","size":"12"},{"kname":"a","size":13}]}'), {
    ok: true,
    value: { length: 1, 0: { path: '/dev/a', sizeBytes: 13 } },
  });
  t.match(parseLsblkJson('{"blockdevices":[{"kname":"../x"}]}'), {
    ok: false,
    at: /blockdevices\[0\].kname/,
  });
  t.match(parseLsblkJson('{'), { ok: false });
});

t.test('no text makes a parser throw', async () => {
  const parsers: ((text: string) => unknown)[] = [
    parseFstab,
    parseCrypttab,
    parseMountinfo,
    parseKernelCmdline,
    parseProcSwaps,
    parseMdadmConf,
    parseMdadmDetailExport,
    parseDmsetupInfo,
    parseLsblkJson,
    parseBlkidExport,
    parsePvs,
    parseSourceSpec,
    (text) => lastAssignment(text, 'RESUME'),
  ];
  const words = [
    'MD_LEVEL=raid1\n',
    'MD_UUID=',
    'ARRAY',
    'UUID=',
    '"',
    "'",
    ' - ',
    '/',
    '\\040',
    '|',
    '\n',
    '\t',
    '#',
  ];
  const soup = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8, unit: 'binary' })));
  fc.assert(
    fc.property(soup, (parts) => {
      for (const parse of parsers) parse(parts.join(''));
    }),
    { numRuns: 300 },
  );
});
