import { test } from 'tap';
import { NodeFiles } from '../../../../src/adapters/node/files.ts';
import { readSiblings } from '../../../../src/app/read/siblings.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import { encode0, encode1, type SuperblockFields } from '../../../support/encode-superblock.ts';
import { SimulatedSysfs } from '../../../support/simulated-sysfs.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708' as MdUuid;
const superblock = (number: number, more: Partial<SuperblockFields> = {}): Uint8Array =>
  encode1({ number, deviceUuidBytes: Array(16).fill(number), ...more }, 8, 100);

/** NodeFiles that remembers which devices were read. */
class CountingFiles extends NodeFiles {
  readonly read = new Set<string>();

  override async readBytes(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    this.read.add(path.slice(path.lastIndexOf('/') + 1));
    return super.readBytes(path, offset, length);
  }
}

test('the other members: bound or not, seen by udev or not, of that array alone', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  const here = (number: number, more?: Partial<SuperblockFields>): readonly [number, Uint8Array][] => [
    [4096, superblock(number, more)],
  ];
  machine.member('sda', superblock(0));
  machine.member('sdb', superblock(1), '1.2', { holders: ['md0'] });
  machine.device({ name: 'sdc', superblocks: here(2) });
  machine.member('sdd', superblock(3, { arrayUuidBytes: Array(16).fill(7) }));
  machine.device({ name: 'sde', superblocks: here(4), udev: { ID_FS_TYPE: 'ext4' } });
  machine.device({ name: 'sdf', superblocks: here(5), udev: { ID_PART_TABLE_TYPE: 'gpt' } });
  machine.device({ name: 'md6', superblocks: here(8), udev: { MD_LEVEL: 'raid0' } });
  machine.device({ name: 'dm-3', superblocks: here(9), udev: { DM_NAME: 'half' } });
  machine.device({ name: 'sdg' });
  machine.device({ name: 'sr0', superblocks: here(6) });
  machine.device({ name: 'zram0', superblocks: here(6) });
  machine.device({ name: 'md5', superblocks: here(7) });
  const files = new CountingFiles();
  const found = await readSiblings(files, machine.paths, UUID, 'sda');
  t.match(found, [
    { device: 'dm-3', superblock: { deviceNumber: 9 } },
    { device: 'md5', superblock: { deviceNumber: 7 } },
    { device: 'md6', superblock: { deviceNumber: 8 } },
    { device: 'sdb', superblock: { deviceNumber: 1 } },
    { device: 'sdc', superblock: { deviceNumber: 2 } },
  ]);
  t.equal(found.length, 5);
  t.same(
    [...files.read].sort(),
    ['dm-3', 'md5', 'md6', 'sdb', 'sdc', 'sdd', 'sdg'],
    'the others are not touched',
  );
});

test('without the device that asks, and with it for another', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  machine.member('sda', superblock(0));
  machine.member('sdb', superblock(1));
  const namesFor = async (self: string) =>
    (await readSiblings(new NodeFiles(), machine.paths, UUID, self)).map(({ device }) => device);
  t.same(await namesFor('sda'), ['sdb']);
  t.same(await namesFor('sdb'), ['sda']);
  t.same(await namesFor('sdz'), ['sda', 'sdb']);
});

test('the version that udev names is the one that is looked for', async (t) => {
  const machine = new SimulatedSysfs(t.testdir());
  const old = encode0({ number: 1, updateSeconds: 1_600_000_000 });
  machine.member('sda', superblock(0));
  machine.member('sdb', old, '0.90.0', {
    superblocks: [
      [4 * 1024 * 1024 - 65_536, old],
      [4096, superblock(1)],
    ],
  });
  const as = (uuid: string) => readSiblings(new NodeFiles(), machine.paths, uuid as MdUuid, 'sda');
  const found = await as(UUID);
  t.match(found, [{ device: 'sdb', superblock: { metadata: '0.90' } }], 'although the other one is newer');
});

test('a machine without block devices', async (t) => {
  t.same(await readSiblings(new NodeFiles(), new SimulatedSysfs(t.testdir()).paths, UUID, 'sda'), []);
});
