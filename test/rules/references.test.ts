import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../tools/project.ts';

const RULES = 'docs/safety-rules.md';
const FACTS = 'docs/md-facts.md';

/** A reference to a rule or a fact, in a comment, a title or a document. A string that is nothing else is a serial number. */
const REFERENCE = /(?<!\w)(?:(?<=')(?!\w+')|(?<!'))(S(?:1[0-9]|[1-9])|F[1-9][0-9]?)(?!\w)/g;

/** Texts that are not in the repository, and the names that such texts are called by. */
const ELSEWHERE =
  /\b(?:DESIGN|ROOMS|baseline|competitors|style-anchors)\.md\b|\bboot-stack[ -]facts\b|\bresearch\/|\bEXP \d/;

/** Where S and F numbers mean something else. */
const OTHER_NUMBERS = ['test/unit/keys/', 'src/core/keys/', 'test/fixtures/recorded/', 'package-lock.json'];

interface Source {
  readonly path: string;
  readonly text: string;
}

/** The rules or facts that a document defines: the first cell of each row of its table. */
function defined(text: string): readonly string[] {
  return [...text.matchAll(/^\| ([SF]\d+) \|/gm)].map(([, name]) => name ?? '');
}

/** References to numbers that no document defines, and to texts that are not here. */
function dangling(sources: readonly Source[], known: ReadonlySet<string>): readonly string[] {
  return sources.flatMap(({ path, text }) => [
    ...[...text.matchAll(REFERENCE)].flatMap(([name]) => (known.has(name) ? [] : [`${path}: ${name}`])),
    ...[...text.matchAll(new RegExp(ELSEWHERE, 'g'))].map(([name]) => `${path}: ${name}`),
  ]);
}

/** Places that a row of the rules names as its tests and that do not exist. */
function lostTests(text: string): readonly string[] {
  const rows = text.split('\n').filter((line) => /^\| S\d+ \|/.test(line));
  return rows.flatMap((row) => {
    const places = (row.split('|').at(-2) ?? '').split(',').map((place) => place.trim());
    return places.filter((place) => place === '' || !existsSync(join(ROOT, place)));
  });
}

function sources(): readonly Source[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed
    .split('\0')
    .filter((path) => path !== '' && existsSync(join(ROOT, path)) && path !== 'test/rules/references.test.ts')
    .filter((path) => !OTHER_NUMBERS.some((place) => path.startsWith(place)))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

const rules = readFileSync(join(ROOT, RULES), 'utf8');
const facts = readFileSync(join(ROOT, FACTS), 'utf8');

t.test('a reference that leads nowhere is found', async (t) => {
  const known = new Set(['S1', 'F4']);
  const said = (text: string) => dangling([{ path: 'a', text }], known);
  t.same(said('the start (S1, F4)'), []);
  t.same(said('the start (S16), and F19'), ['a: S16', 'a: F19']);
  t.same(said('see DESIGN.md, Words'), ['a: DESIGN.md']);
  t.same(said("serial: 'S9', ATAS9, S9x, proves: 'S4 F7', t.test('S8: who'"), ['a: S4', 'a: F7', 'a: S8']);
});

t.test('every rule and every fact that is named is written down here', async (t) => {
  t.same(dangling(sources(), new Set([...defined(rules), ...defined(facts)])), []);
});

t.test('fifteen rules, each with tests that exist', async (t) => {
  t.same(
    defined(rules),
    Array.from({ length: 15 }, (_, index) => `S${index + 1}`),
  );
  t.same(lostTests(rules), []);
});

t.test('no fact is defined twice or left out', async (t) => {
  const names = defined(facts);
  t.same(
    names,
    names.map((_, index) => `F${index + 1}`),
  );
});
