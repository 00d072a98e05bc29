import { test } from 'tap';
import { DRACUT, INITRAMFS_TOOLS } from '../../../../src/core/image/generator.ts';
import { imageText } from '../../../../src/core/render/commands/image-text.ts';
import { uuidOf } from '../../../support/ledger-entries.ts';

const CHANGES = [
  { what: 'new', uuid: uuidOf(1), name: 'root' },
  { what: 'gone', uuid: uuidOf(2), name: '\x1bhome' },
] as const;

const told = (
  code: 'no-image' | 'unread' | 'no-engine' | 'no-mdadm',
  kernel = '6.1.0-9-amd64',
  isDefault = true,
  generator = INITRAMFS_TOOLS,
) => imageText({ stage: 'image', grade: 'stop', code, kernel, isDefault, generator });
const oldList = (generator = INITRAMFS_TOOLS) =>
  imageText({ stage: 'image', grade: 'unknown', code: 'old-list', changes: CHANGES, generator }).commands;

test('how an image is built again', async (t) => {
  t.same(told('no-engine').commands, ['update-initramfs -u -k 6.1.0-9-amd64']);
  t.same(told('no-image').commands, ['update-initramfs -c -k 6.1.0-9-amd64']);
  t.same(told('no-mdadm', '$(x)').commands, [], 'a name that a shell may misread');
  t.match(told('no-mdadm', 'x', false).text, /only when it is chosen/);
  t.match(told('unread').text, /nobody can tell/);
  t.match(imageText({ stage: 'image', grade: 'unknown', code: 'no-kernel' }).text, /nobody can tell/);
  const old = imageText({
    ...{ stage: 'image', grade: 'unknown', code: 'old-list', changes: CHANGES, generator: INITRAMFS_TOOLS },
  });
  t.same(old.commands, ['update-initramfs -u']);
  t.match(old.text, /: it does not know array root; array \\x1bhome is no longer needed/);
  t.match(
    imageText({
      ...{ stage: 'image', grade: 'note', code: 'old-members', changes: [{ what: 'settings' }] },
      generator: INITRAMFS_TOOLS,
    }),
    {
      text: 'the image is older than the machine: the settings are others',
      commands: ['update-initramfs -u'],
    },
  );
  const modules = (...names: readonly string[]) =>
    imageText({
      stage: 'image',
      grade: 'stop',
      code: 'no-module',
      kernel: 'x',
      isDefault: true,
      generator: INITRAMFS_TOOLS,
      modules: names,
    }).text;
  t.match(modules('raid1'), /without module raid1/);
  t.match(modules('raid1', 'raid456'), /without modules raid1 and raid456/);
});

test('where dracut made it, by dracut', async (t) => {
  t.same(told('no-engine', '6.1', true, DRACUT).commands, ['dracut -f --kver 6.1']);
  t.same(told('no-image', '6.1', true, DRACUT).commands, ['dracut --kver 6.1']);
  t.match(told('unread', '6.1', true, DRACUT).text, /\(lsinitrd\)/);
  t.same(oldList(DRACUT), ['dracut -f']);
});
