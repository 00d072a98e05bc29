import t from 'tap';
import {
  isBlankByUdev,
  modelAndSerial,
  NEVER_MEMBER,
  readUdevRecord,
  versionByUdev,
} from '../../../../src/app/read/udev-record.ts';
import type { Files } from '../../../../src/ports/files.ts';

const filesOf = (texts: Readonly<Record<string, string>>): Files =>
  ({ readText: async (path: string) => texts[path] ?? null }) as unknown as Files;
const paths = { sys: '/sys', run: '/run' };

t.test('no record is another matter than a record that says nothing', async (t) => {
  const number = { '/sys/class/block/sda/dev': '8:0\n' };
  t.equal(await readUdevRecord(filesOf({}), paths, 'sda'), null, 'no such device');
  t.equal(await readUdevRecord(filesOf(number), paths, 'sda'), null, 'udev has not seen it');
  const seen = await readUdevRecord(filesOf({ ...number, '/run/udev/data/b8:0': 'I:1\n' }), paths, 'sda');
  t.equal(seen?.size, 0);
  const odd = { '/sys/class/block/sda/dev': '../../x\n', '/run/udev/data/b../../x': 'E:A=B\n' };
  t.equal(await readUdevRecord(filesOf(odd), paths, 'sda'), null);
});

t.test('what udev calls an md member, with the version of its metadata or without', async (t) => {
  const member = ['ID_FS_TYPE', 'linux_raid_member'] as const;
  t.equal(versionByUdev(new Map([member, ['ID_FS_VERSION', '1.2']])), '1.2');
  t.equal(versionByUdev(new Map([member])), '');
  t.equal(versionByUdev(new Map([['ID_FS_TYPE', 'ext4']])), null);
  t.equal(versionByUdev(new Map()), null);
});

t.test('a device is blank where udev found no content, not where it found two', async (t) => {
  t.equal(isBlankByUdev(new Map([['ID_SERIAL', 'x']])), true);
  for (const name of ['ID_FS_TYPE', 'ID_FS_AMBIVALENT', 'ID_PART_TABLE_TYPE'])
    t.equal(isBlankByUdev(new Map([[name, 'x']])), false, name);
  const partition = [
    ['ID_PART_TABLE_TYPE', 'gpt'],
    ['ID_PART_ENTRY_NUMBER', '1'],
  ] as const;
  t.equal(isBlankByUdev(new Map(partition)), true, "the table is its disk's");
  t.equal(isBlankByUdev(new Map([...partition, ['ID_FS_TYPE', 'ext4']])), false);
});

t.test('an array may be a member of another one', async (t) => {
  for (const name of ['md0', 'md127p1', 'sda1', 'ram0', 'srv', 'fd']) t.notMatch(name, NEVER_MEMBER);
  for (const name of ['zram0', 'sr0', 'fd0', 'mtdblock3']) t.match(name, NEVER_MEMBER);
});

t.test('a disk as a person knows it', async (t) => {
  const model = ['ID_MODEL', 'WDC WD40'] as const;
  const serial = ['ID_SERIAL_SHORT', 'WD-1'] as const;
  t.equal(modelAndSerial(new Map([model, serial])), 'WDC WD40 (serial WD-1)');
  t.equal(modelAndSerial(new Map([model])), 'WDC WD40');
  t.equal(modelAndSerial(new Map([serial])), '(serial WD-1)');
  t.equal(modelAndSerial(new Map()), '');
});
