// What lies in systemd/ and udev/ is of no use on a machine where no package brings it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT } from '../../tools/project.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const sources = ['systemd', 'udev'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replace(/^\//, '')),
);

test('the Debian package brings each unit, rule and table', async (t) => {
  const brought = new Set(
    read('packaging/debian/reliable-raid.install')
      .split('\n')
      .map((line) => line.split(' ')[0]),
  );
  t.ok(sources.length > 15);
  t.same(
    sources.filter((source) => !brought.has(source)),
    [],
  );
});

test('units speak of files that are there', async (t) => {
  const units = sources.filter((source) => /\.(service|path|timer)$/.test(source));
  const names = new Set(sources.map((source) => source.replace(/^.*\//, '')));
  for (const unit of units)
    for (const [own = ''] of read(unit).matchAll(/(?<![\w/-])reliable-raid-[\w@-]+\.(?:service|path|timer)/g))
      t.ok(names.has(own), `${unit}: ${own}`);
});
