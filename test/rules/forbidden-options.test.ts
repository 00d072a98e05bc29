import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT } from '../../tools/project.ts';

const FORBIDDEN = /--(force|create|zero-superblock|assume-clean)\b/;
const SHIPPED = ['src', 'hooks', 'scripts', 'initramfs-tools', 'dracut', 'systemd', 'udev'];

/** Where a superblock is wiped, or a person is told how: only what S8 lets come back, and only as configured (`readd = "rebuild"`). */
const WIPES = ['src/app/rejoin/readd.ts', 'src/core/rejoin/readd-decision.ts'];

test('S9: no command that forces, makes or wipes an array is anywhere in the program', async (t) => {
  const files = SHIPPED.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ).filter((path) => statSync(join(ROOT, path)).isFile());
  t.ok(files.length > 100, 'the files of the program were found');
  for (const path of files) {
    const text = readFileSync(join(ROOT, path), 'utf8');
    if (FORBIDDEN.test(text)) t.fail(path);
    if (/\bwipefs\b/.test(text) && !WIPES.includes(path)) t.fail(`${path} wipes`);
  }
});
