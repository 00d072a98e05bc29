import { test } from 'tap';
import { loaderText } from '../../../../src/core/render/commands/loader-text.ts';

const stage = 'loader';

test('where the kernels are, and what to do', async (t) => {
  t.match(loaderText({ stage, grade: 'stop', code: 'boot-gone', place: '/boot' }), {
    text: /\/boot/,
    remedy: /Put/,
  });
  t.match(loaderText({ stage, grade: 'stop', code: 'boot-gone', place: '/' }), {
    text: /root/,
    remedy: null,
  });
  t.match(
    loaderText({ stage, grade: 'unknown', code: 'boot-lost', place: '/' }).text,
    /root is on: nobody can tell/,
  );
  t.match(loaderText({ stage, grade: 'unknown', code: 'boot-lost', place: '/boot' }).text, /\/boot is on/);
  t.match(loaderText({ stage, grade: 'note', code: 'asks-passphrase', place: '/' }).text, /passphrase/);
  const other = {
    stage,
    grade: 'stop',
    code: 'other-file-system',
    device: 'sda1',
    uuid: 'a',
    wanted: 'b',
  } as const;
  t.match(loaderText(other), { commands: ['mount /dev/sda1 /mnt', /^grub-install/, 'umount /mnt'] });
  const none = { stage, grade: 'stop', code: 'no-entries', device: 'sda1', hasOther: true } as const;
  t.match(loaderText(none), {
    text: /no entry/,
    commands: ['mount /dev/sda1 /mnt', /^cp -r/, 'umount /mnt'],
  });
  t.same(loaderText({ ...none, hasOther: false }).commands, [], 'nothing to copy');
  const broken = {
    stage,
    grade: 'note',
    code: 'broken-entry',
    device: 'sda1',
    entry: 'x',
    missing: '/l\x1b',
  } as const;
  t.match(loaderText(broken).text, /names \/l\\x1b, which is missing/);
});
