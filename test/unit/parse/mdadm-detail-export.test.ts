import { test } from 'tap';
import { parseMdadmDetailExport } from '../../../src/core/parse/mdadm-detail-export.ts';
import { survivesAnyText } from '../../support/any-text.ts';
import { recordedOutputs } from '../../support/recorded-outputs.ts';

test('every recorded output, alone and all together', async (t) => {
  const outputs = recordedOutputs(/\/mdadm-[^/]*\.txt$/);
  for (const text of outputs) t.match(parseMdadmDetailExport(text), { ok: true, value: { length: 1 } });
  t.match(parseMdadmDetailExport(outputs.join('')), { ok: true, value: { length: outputs.length } });
});

test('mdadm --detail --export', async (t) => {
  const inactive =
    'MD_DEVICES=1\nMD_METADATA=1.2\nMD_UUID=ca751972:3ea8a74f:bf005bf7:2e50cf6d\nMD_DEVNAME=1\n';
  const member = 'MD_DEVICE_dev_ubdd_ROLE=spare\nMD_DEVICE_dev_ubdd_DEV=/dev/ubdd\n';
  t.match(parseMdadmDetailExport(inactive + member + inactive + member), {
    ok: true,
    value: [
      { level: null, devName: '1', members: [{ path: '/dev/ubdd', role: 'spare' }] },
      { level: null, devName: '1' },
    ],
  });
  t.match(
    parseMdadmDetailExport(
      'MD_LEVEL=raid1\nMD_DEVICES=2\nMD_CONTAINER=/dev/md/imsm0\nMD_MEMBER=0\nMD_UUID=11111111:22222222:33333333:44444444\n',
    ),
    { ok: true, value: [{ container: '/dev/md/imsm0', metadata: '' }] },
  );
  t.match(parseMdadmDetailExport('MD_LEVEL=raid1\nMD_DEVICES=2\n'), { ok: false, why: 'has no MD_UUID' });
  t.match(parseMdadmDetailExport('MD_LEVEL=raid1\nMD_UUID=zz\n'), { ok: false, why: /not an md UUID/ });
  t.match(parseMdadmDetailExport('mdadm: cannot open /dev/md7\n'), { ok: true, value: [] });
});

test('members whose keys are alike are two', async (t) => {
  const member = (path: string, role: number) =>
    `MD_DEVICE_dev_md_a_b_ROLE=${role}\nMD_DEVICE_dev_md_a_b_DEV=${path}\n`;
  const head = 'MD_LEVEL=raid1\nMD_DEVICES=2\nMD_UUID=11111111:22222222:33333333:44444444\n';
  t.match(parseMdadmDetailExport(head + member('/dev/md/a-b', 0) + member('/dev/md/a_b', 1)), {
    ok: true,
    value: [
      {
        members: [
          { path: '/dev/md/a-b', role: 0 },
          { path: '/dev/md/a_b', role: 1 },
        ],
      },
    ],
  });
});

test('no text makes it throw', async () => survivesAnyText(parseMdadmDetailExport));
