import { test } from 'tap';
import { unlockText } from '../../../../src/core/render/commands/unlock-text.ts';

test('what opens a mapping wrongly, or not at all', async (t) => {
  const stage = 'image' as const;
  const wrong = { mapping: '\x1bx', at: '/etc/crypttab:3', uuid: 'a\n' };
  t.match(unlockText({ stage, grade: 'stop', code: 'opened-elsewhere', ...wrong }), {
    text: '/etc/crypttab:3 opens \\x1bx from UUID a\\x0a, but it stands on a device with another',
    commands: ['update-initramfs -u'],
  });
  t.equal(
    unlockText({ stage, grade: 'unknown', code: 'not-opened', mapping: 'x', at: '/etc/crypttab' }).text,
    'the boot stands on x, and /etc/crypttab has no line that opens it',
  );
  t.match(unlockText({ stage, grade: 'unknown', code: 'not-named', mapping: 'x', uuid: 'ab-cd' }), {
    text: 'the boot stands on x, and the kernel command line names other LUKS devices only',
    commands: ['rd.luks.uuid=ab-cd'],
  });
});
