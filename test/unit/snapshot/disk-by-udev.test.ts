import { test } from 'tap';
import { diskByUdev } from '../../../src/core/snapshot/disk-by-udev.ts';

test('the WWN before the serial number, the longer before the shorter, with the partition', async (t) => {
  const cases: readonly [properties: Readonly<Record<string, string>>, disk: string | null][] = [
    [{ ID_WWN_WITH_EXTENSION: 'long', ID_WWN: 'short', ID_SERIAL: 's' }, 'long'],
    [{ ID_WWN: 'short', ID_SERIAL: 's' }, 'short'],
    [{ ID_SERIAL: 's' }, 's'],
    [{ ID_SERIAL: 's', PARTN: '2', ID_PART_ENTRY_NUMBER: '3' }, 's-part2'],
    [{ ID_SERIAL: 's', ID_PART_ENTRY_NUMBER: '3' }, 's-part3'],
    [{ ID_SERIAL: '' }, null],
    [{ PARTN: '1' }, null],
    [{}, null],
  ];
  for (const [properties, disk] of cases)
    t.equal(diskByUdev(new Map(Object.entries(properties))), disk, JSON.stringify(properties));
});
