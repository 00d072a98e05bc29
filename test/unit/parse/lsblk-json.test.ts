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
  for (const name of ['../x', '/x', 'x/../y', 'x/.', 'x//y', '.', '..', 'a b'])
    t.match(parseLsblkJson(JSON.stringify({ blockdevices: [{ kname: name }] })), { ok: false }, name);
  t.match(parseLsblkJson('{'), { ok: false });
});

test('a kernel name with a slash is the one of sysfs, and refuses nothing', async (t) => {
  const blockdevices = [
    { kname: 'cciss/c0d0' },
    { kname: 'cciss/c0d0p1', pkname: 'cciss/c0d0', type: 'part' },
    { kname: 'sda', path: '/dev/sda' },
  ];
  t.match(parseLsblkJson(JSON.stringify({ blockdevices })), {
    ok: true,
    value: [
      { device: 'cciss!c0d0', path: '/dev/cciss/c0d0' },
      { device: 'cciss!c0d0p1', parent: 'cciss!c0d0' },
      { device: 'sda' },
    ],
  });
});

test('no text makes it throw', async () => survivesAnyText(parseLsblkJson));
