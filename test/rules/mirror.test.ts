import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT } from '../../tools/project.ts';
import { filesWithDecisions } from '../support/decisions.ts';
import { importsOf } from '../support/imports-of.ts';

/** Files with a decision and no test of their own: the test that covers each of them. Shorter is better. */
const COVERED_BY: Readonly<Record<string, string>> = {};

/** Tests under test/unit that mirror no file, and why. */
const WITHOUT_SOURCE: Readonly<Record<string, string>> = {};

const filesBelow = (folder: string, end: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .map((path) => `${folder}/${path}`)
    .sort();

const sources = [...filesBelow('src/core', '.ts'), ...filesBelow('src/app', '.ts')];
/** What only reads arguments and prints answers may have a test of its own too. */
const mirrored = [...sources, ...filesBelow('src/cli', '.ts')];
const deciding = filesWithDecisions(
  ROOT,
  sources.map((path) => join(ROOT, path)),
);

/** Where the tests of a source file may stand. */
function mirrorsOf(source: string): readonly string[] {
  const stem = source.slice('src/'.length, -'.ts'.length);
  return stem.startsWith('core/')
    ? [`test/unit/${stem.slice('core/'.length)}.test.ts`]
    : [`test/unit/${stem}.test.ts`, `test/integration/${stem}.test.ts`];
}

const hasTest = (source: string): boolean => mirrorsOf(source).some((path) => existsSync(join(ROOT, path)));

test('every file with a decision in it has its test at the mirrored path', async (t) => {
  t.ok(deciding.size > 100, `${deciding.size} files with a decision`);
  for (const source of sources)
    if (deciding.has(join(ROOT, source)) && !(source in COVERED_BY))
      t.ok(hasTest(source), `${source}: ${mirrorsOf(source).join(' or ')}`);
});

test('a mirrored test imports what it tests', async (t) => {
  for (const source of mirrored)
    for (const path of mirrorsOf(source).filter((mirror) => existsSync(join(ROOT, mirror))))
      t.ok(importsOf(join(ROOT, path)).has(join(ROOT, source)), `${path} imports ${source}`);
});

test('every unit test mirrors a file', async (t) => {
  const mirrors = new Set(mirrored.flatMap(mirrorsOf));
  for (const path of filesBelow('test/unit', '.test.ts'))
    t.ok(mirrors.has(path) || path in WITHOUT_SOURCE, path);
});

test('what is covered elsewhere is, and the lists hold nothing that is over', async (t) => {
  for (const [source, path] of Object.entries(COVERED_BY)) {
    t.ok(deciding.has(join(ROOT, source)), `${source} is there and decides`);
    t.notOk(hasTest(source), `${source} has no test of its own`);
    t.ok(
      existsSync(join(ROOT, path)) && importsOf(join(ROOT, path)).has(join(ROOT, source)),
      `${path} imports it`,
    );
  }
  for (const path of Object.keys(WITHOUT_SOURCE)) t.ok(existsSync(join(ROOT, path)), path);
});
