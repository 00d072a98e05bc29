import { test } from 'tap';
import { parseDmsetupInfo } from '../../../src/core/parse/dmsetup-info.ts';
import { survivesAnyText } from '../../support/any-text.ts';
import { recordedOutputs } from '../../support/recorded-outputs.ts';

test('every recorded output', async (t) => {
  for (const text of recordedOutputs(/dmsetup\.txt$/)) t.match(parseDmsetupInfo(text), { ok: true });
});

test('nodes, and lines that are none', async (t) => {
  t.match(parseDmsetupInfo('dm-0/md0,sda1/CRYPT-LUKS2-x-a:b/a:b\nNo devices found\n'), {
    ok: true,
    value: [{ device: 'dm-0', standsOn: ['md0', 'sda1'], uuid: 'CRYPT-LUKS2-x-a:b', name: 'a:b' }],
  });
  t.match(parseDmsetupInfo('dm-0:md0'), { ok: false, at: 'dmsetup info, line 1' });
});

test('a kernel name with a slash', async (t) => {
  for (const name of ['cciss/c0d0', 'cciss!c0d0'])
    t.match(parseDmsetupInfo(`dm-0/${name},sda/LVM-x/vg-root\n`), {
      ok: true,
      value: [{ device: 'dm-0', uuid: 'LVM-x', name: 'vg-root', standsOn: ['cciss!c0d0', 'sda'] }],
    });
});

test('no text makes it throw', async () => survivesAnyText(parseDmsetupInfo));
