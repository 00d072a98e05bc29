import { test } from 'tap';
import { demandSources, mountDemands } from '../../../src/core/inspect/mount-demands.ts';
import { parseCrypttab } from '../../../src/core/parse/crypttab.ts';
import { parseFstab } from '../../../src/core/parse/fstab.ts';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [
    device('sda'),
    device('sda1', { type: 'part', parent: 'sda', uuid: 'AAAA-1111', fsType: 'vfat' }),
    device('sdb'),
    device('sdb1', { type: 'part', parent: 'sdb', uuid: 'AAAA-1111', fsType: 'vfat' }),
    device('md1', { type: 'raid1', uuid: 'home' }),
    device('sdc', { uuid: 'luks', fsType: 'crypto_LUKS' }),
  ],
  slaves: new Map([['md1', ['sda', 'sdb']]]),
});

const demandsOf = (fstab: string, crypttab = '') => {
  const facts = {
    ...{ fstab: parseFstab(fstab).entries, fstabAt: '/etc/fstab' },
    ...{ crypttab: parseCrypttab(crypttab).entries, crypttabAt: '/etc/crypttab' },
  };
  return { facts, demands: mountDemands(facts, graph, new Map()) };
};
const one = (fstab: string, crypttab = '') => demandsOf(fstab, crypttab).demands.at(0);

test('how much systemd wants a line of fstab', async (t) => {
  for (const [line, weight] of [
    ['UUID=home /home ext4 defaults 0 2', 'required'],
    ['UUID=home /home ext4', 'required'],
    ['UUID=home /home ext4 nofail', 'optional'],
    ['UUID=home /home ext4 rw,noauto', 'optional'],
    ['UUID=home /home ext4 x-systemd.automount', 'optional'],
    ['UUID=home /home ext4 x-systemd.wanted-by=a.service', 'optional'],
    ['UUID=home /home ext4 _netdev', 'optional'],
    ['host:/x /x nfs defaults', 'optional'],
    ['UUID=home none swap sw', 'awaited'],
    ['UUID=home none swap sw,nofail', 'optional'],
  ] as const)
    t.equal(one(line)?.weight, weight, line);
});

test('what the image mounts is no demand', async (t) => {
  const { demands } = demandsOf('UUID=home / ext4\nUUID=home /usr ext4\nUUID=home /a ext4 x-initrd.mount\n');
  t.same(demands, []);
});

test('how long systemd waits for a device', async (t) => {
  for (const [text, ms] of [
    ['', 90_000],
    [',x-systemd.device-timeout=10', 10_000],
    [',x-systemd.device-timeout=1min 5s', 65_000],
    [',x-systemd.device-timeout=250ms', 250],
    [',x-systemd.device-timeout=0', null],
    [',x-systemd.device-timeout=infinity', null],
    [',x-systemd.device-timeout=soon', 90_000],
    [',x-systemd.device-timeout=5lightyears', 90_000],
    [',x-systemd.device-timeout=5,x-systemd.device-timeout=7s', 7000],
  ] as const)
    t.equal(one(`UUID=home /home ext4 rw${text.replace(' ', '\\040')}`)?.waitMs, ms, text);
});

test('what a line stands on: a disk, an array, any of two copies, memory, nothing that is known', async (t) => {
  t.match(one('UUID=AAAA-1111 /boot/efi vfat'), {
    lost: null,
    ways: [{ disks: new Set(['sda']) }, { disks: new Set(['sdb']) }],
  });
  t.match(one('UUID=home /home ext4'), { ways: [{ arrays: new Set(['md1']) }] });
  t.match(one('tmpfs /tmp tmpfs'), { ways: null, lost: null });
  t.match(one('UUID=gone /x ext4'), { ways: null, lost: /no block device/ });
  t.match(one('pool/x /x zfs'), { ways: null, lost: /ZFS/ });
  t.match(one('what? /x ext4'), { ways: null, lost: /not understood/ });
});

test('a mapping that is not open is on what crypttab says', async (t) => {
  const { demands } = demandsOf('/dev/mapper/data /data ext4\n', 'data UUID=luks none luks\n');
  t.match(demands, [
    { kind: 'mount', ways: [{ disks: new Set(['sdc']), passphrase: true }], lost: null },
    { kind: 'mapping', name: 'data', weight: 'awaited', at: { path: '/etc/crypttab', line: 1 } },
  ]);
  t.match(one('', 'data UUID=luks none luks,nofail'), { weight: 'optional' });
  t.equal(one('', 'data UUID=luks none initramfs'), undefined);
});

test('the mounts that a line lies in', async (t) => {
  const fstab = `UUID=home /srv ext4 nofail
UUID=AAAA-1111 /srv/data vfat
/srv/data/x /x none bind
/srv/disk.img /img ext4 loop
UUID=home /srvother ext4
UUID=home /y ext4 x-systemd.requires-mounts-for=/srv/z
/swapfile none swap sw
`;
  t.same(
    demandsOf(fstab).demands.map(({ name, inside }) => [name, inside]),
    [
      ['/srv', []],
      ['/srv/data', ['/srv']],
      ['/x', ['/srv', '/srv/data']],
      ['/img', ['/srv']],
      ['/srvother', []],
      ['/y', ['/srv']],
      ['/swapfile', []],
    ],
  );
  t.equal(demandsOf(fstab).demands[3]?.lost, null, 'a file is not lost');
});

test('every source of both files is among those whose links are read', async (t) => {
  const { facts } = demandsOf('/dev/a /a ext4\n', 'b /dev/b none\n');
  t.same(demandSources(facts), [
    { kind: 'path', path: '/dev/a' },
    { kind: 'path', path: '/dev/b' },
  ]);
});
