import { test } from 'tap';
import { parseLsblkJson } from '../../../src/core/parse/lsblk-json.ts';
import { survivesAnyText } from '../../support/any-text.ts';
import { recordedOutputs } from '../../support/recorded-outputs.ts';

test('every recorded output', async (t) => {
  for (const text of recordedOutputs(/lsblk\.json$/)) t.match(parseLsblkJson(text), { ok: true });
});

test('devices, and what is refused', async (t) => {
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

test('no text makes it throw', async () => survivesAnyText(parseLsblkJson));
