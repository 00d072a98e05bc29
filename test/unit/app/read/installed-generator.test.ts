import { test } from 'tap';
import { readInstalledGenerator } from '../../../../src/app/read/installed-generator.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

test('the programs that are installed below a root', async (t) => {
  const files = new MemoryFiles({ '/mnt/usr/bin/dracut': 'x' });
  t.equal((await readInstalledGenerator(files, '/mnt')).name, 'dracut');
  t.equal((await readInstalledGenerator(files)).name, 'initramfs-tools');
});
