import t from 'tap';
import { GENERATORS } from '../../../src/core/image/generator.ts';
import { generatorOfImage, generatorOfMachine } from '../../../src/core/image/which-generator.ts';

t.test('an image tells who made it', async (t) => {
  const table: readonly (readonly [paths: readonly string[], name: string | undefined])[] = [
    [['.', 'init', 'scripts', 'scripts/functions', 'usr/sbin/mdadm'], 'initramfs-tools'],
    [['init', 'usr/lib/dracut/modules.txt'], 'dracut'],
    [['init', 'lib/dracut/build-parameter.txt'], 'dracut'],
    [['init', 'usr/sbin/mdadm', 'home/scripts/functions', 'var/lib/dracut/hooks'], undefined],
    [[], undefined],
  ];
  for (const [paths, name] of table) t.equal(generatorOfImage(new Set(paths))?.name, name, paths.join(' '));
});

t.test('a machine tells who makes its images', async (t) => {
  const MKINITRAMFS = 'usr/sbin/mkinitramfs';
  const UPDATE = 'usr/sbin/update-initramfs';
  const DRACUT = 'usr/bin/dracut';
  const table: readonly (readonly [installed: readonly string[], name: string | null, why: string])[] = [
    [[MKINITRAMFS, UPDATE], 'initramfs-tools', 'Debian and Ubuntu'],
    [[DRACUT], 'dracut', 'Fedora, SUSE, and Debian before 112'],
    [[DRACUT, UPDATE], 'dracut', 'the package of 112 has an update-initramfs of its own'],
    [[DRACUT, MKINITRAMFS], 'dracut', 'of initramfs-tools only the core is left'],
    [[DRACUT, MKINITRAMFS, UPDATE], 'initramfs-tools', 'of dracut only the core is there'],
    [[], null, 'nobody knows'],
  ];
  for (const [installed, name, why] of table)
    t.equal(generatorOfMachine(new Set(installed))?.name ?? null, name, why);
});

t.test('each has commands of its own', async (t) => {
  for (const of of [
    GENERATORS.map(({ rebuild }) => rebuild),
    GENERATORS.map(({ rebuildFor }) => rebuildFor('6.1')),
    GENERATORS.map(({ createFor }) => createFor('6.1')),
    GENERATORS.map(({ lister }) => lister.program),
    GENERATORS.map(({ build }) => build('6.1', '/boot/i').join(' ')),
  ])
    t.equal(new Set(of).size, GENERATORS.length, of.join(' | '));
});
