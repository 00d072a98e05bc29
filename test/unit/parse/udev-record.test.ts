import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { parseUdevRecord } from '../../../src/core/parse/udev-record.ts';

const recorded = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../fixtures/recorded/udev-trixie', name), 'utf8');

test('records of udev', async (t) => {
  t.match(Object.fromEntries(parseUdevRecord(recorded('array.txt'))), {
    MD_LEVEL: 'raid1',
    MD_NAME: 'lab:root',
  });
  t.strictSame(
    Object.fromEntries(parseUdevRecord('S:disk/by-id/x\nE:A=1=2\nE:B=\nE:=3\nE:C\nI:1\nE:A=last\n')),
    { A: 'last', B: '', DEVLINKS: '/dev/disk/by-id/x' },
  );
});
