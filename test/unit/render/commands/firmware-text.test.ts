import { test } from 'tap';
import type { FirmwareFinding, RemedyHint } from '../../../../src/core/inspect/firmware.ts';
import { firmwareText } from '../../../../src/core/render/commands/firmware-text.ts';

const noLoader = (hint: RemedyHint, firmware: 'efi' | 'bios', grade: 'stop' | 'unknown' = 'stop') =>
  firmwareText({ stage: 'firmware', grade, code: 'no-loader', firmware, hint });

test('how another disk gets a boot loader', async (t) => {
  t.same(noLoader({ loader: 'grub', devices: ['sdb', 'sdc'] }, 'bios').commands, [
    'grub-install /dev/sdb',
    'grub-install /dev/sdc',
  ]);
  t.match(noLoader({ loader: 'grub', devices: ['sdb1'] }, 'efi').commands, [
    'mount /dev/sdb1 /mnt',
    /^grub-install/,
  ]);
  t.match(noLoader({ loader: 'systemd-boot', devices: ['sdb1'] }, 'efi').commands, [
    /^mount/,
    /^bootctl/,
    /^cp -r/,
    'umount /mnt',
  ]);
  const none = noLoader({ loader: 'grub', devices: [] }, 'efi');
  t.match(none.remedy, /^Make an EFI system partition/);
  t.notMatch(none.commands, [/^mount/]);
  t.same(noLoader({ loader: 'grub', devices: [] }, 'bios', 'unknown').commands, []);
});

test('what nobody can tell is said as that', async (t) => {
  const stage = 'firmware';
  const unknown: readonly FirmwareFinding[] = [
    { stage, grade: 'unknown', code: 'no-variables' },
    { stage, grade: 'unknown', code: 'other-loader', device: 'sda1', path: '/efi/x\x1b.efi' },
    { stage, grade: 'unknown', code: 'other-loader', device: 'sda', path: null },
    {
      stage,
      grade: 'unknown',
      code: 'other-entries',
      names: ['PXE'],
      hint: { loader: 'grub', devices: ['sdb1'] },
    },
    { stage, grade: 'unknown', code: 'unread', devices: ['sda'] },
    { stage, grade: 'unknown', code: 'empty-sector', devices: ['sda', 'sdb'] },
  ];
  for (const finding of unknown) t.match(firmwareText(finding).text, /nobody can tell/, finding.code);
  t.match(firmwareText({ stage, grade: 'note', code: 'no-core', device: 'sda' }).commands, [
    'grub-install /dev/sda',
  ]);
  t.match(
    firmwareText({ stage, grade: 'note', code: 'removable-path', device: 'sdb1' }).text,
    /not every firmware/,
  );
});
