import { test } from 'tap';
import { parseBlkidExport } from '../../../src/core/parse/blkid-export.ts';
import { survivesAnyText } from '../../support/any-text.ts';
import { recordedOutputs } from '../../support/recorded-outputs.ts';

test('every recorded output', async (t) => {
  for (const text of recordedOutputs(/blkid\.txt$/)) t.ok(parseBlkidExport(text).length > 0);
});

test('devices, and blocks without one', async (t) => {
  t.match(parseBlkidExport('DEVNAME=/dev/a\nLABEL=my\\ label\nTYPE=ext4\n\nTYPE=x\n'), [
    { path: '/dev/a', label: 'my label', fsType: 'ext4', uuid: null },
  ]);
});

test('no text makes it throw', async () => survivesAnyText(parseBlkidExport));
