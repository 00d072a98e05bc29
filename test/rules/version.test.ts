// One version, that of package.json, wherever it is written; the manual's is looked at with the manual, that of the rpm with the rpm.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { PACKAGE, ROOT } from '../../tools/project.ts';

const { version } = PACKAGE;
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('package-lock.json', async (t) => {
  const lock = JSON.parse(read('package-lock.json'));
  t.equal(lock.version, version);
  t.equal(lock.packages[''].version, version);
});

test('the changelogs: the first entry, and the same versions and dates in both', async (t) => {
  const debian = read('packaging/debian/changelog');
  const versions = [...debian.matchAll(/^reliable-raid \((.*?)\)/gm)].map(([, one]) => one);
  const days = [...debian.matchAll(/^ -- .*> {2}(.*)$/gm)].map(([, date = '']) =>
    new Date(date).toISOString().slice(0, 10),
  );
  const entries = [...read('CHANGELOG.md').matchAll(/^## \[(\d.*?)\] - (\S+)$/gm)];
  t.equal(versions[0], version);
  t.same(
    entries.map(([, one, day]) => [one, day]),
    versions.map((one, index) => [one, days[index]]),
  );
  // Not each version has news.
  for (const [, one] of read('packaging/debian/NEWS').matchAll(/^reliable-raid \((.*?)\)/gm))
    t.ok(versions.includes(one), `NEWS: ${one}`);
});

test('what is installed by name', async (t) => {
  const names = [...read('README.md').matchAll(/reliable-raid_(\d[\d.]*\d)_/g)].map(([, one]) => one);
  t.same([...new Set(names)], [version]);
});
