import { test } from 'tap';
import { awaitedPath, isUsable } from '../../../src/core/snapshot/awaited-source.ts';

test('where a source shows up below /dev', async (t) => {
  for (const [source, path] of [
    ['/dev/md0', 'md0'],
    ['/dev/mapper/vg0-root', 'mapper/vg0-root'],
    ['/dev/disk/by-uuid/X', 'disk/by-uuid/X'],
    ['UUID=0A-b', 'disk/by-uuid/0a-b'],
    ['UUID="0A-b"', 'disk/by-uuid/0a-b'],
    ['LABEL=My root/1', 'disk/by-label/My\\x20root\\x2f1'],
    ['LABEL=Donn\u00e9e', 'disk/by-label/Donn\u00e9e'],
    ['PARTUUID=AB', 'disk/by-partuuid/ab'],
    ['PARTLABEL=a b', 'disk/by-partlabel/a\\x20b'],
    ['ID=ata-X', 'disk/by-id/ata-X'],
    ['/dev/../etc/passwd', null],
    ['/dev/', null],
    ['UUID=', null],
    ['ZFS=pool/root', null],
    ['server:/root', null],
    ['fe00', null],
  ] as const)
    t.equal(awaitedPath(source), path, source);
});

test('the node of an array is no use before it runs', async (t) => {
  const md0 = { device: 'md0', external: false, uuid: null, degraded: null, deadMembers: [] };
  t.equal(isUsable('md0', [{ ...md0, state: 'inactive' }]), false);
  t.equal(isUsable('md0', [{ ...md0, state: 'read-auto' }]), true);
  t.equal(isUsable('dm-0', [{ ...md0, state: 'inactive' }]), true);
});
