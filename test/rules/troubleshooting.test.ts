// Each message that asks for action has its place in the manual for the bad day, in the words in which it is shown.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { PASSING_KINDS, STANDING_KINDS } from '../../src/core/notices/event.ts';
import { NOT_STARTABLE_REASONS } from '../../src/core/report/timeline.ts';
import {
  manPageOf,
  PAGE_PATH,
  TEXT_PATH,
  troubleshootingPage,
} from '../../tools/build/troubleshooting-page.ts';
import { shellFiles } from '../../tools/check/lint-shell.ts';
import { ROOT } from '../../tools/project.ts';
import { MESSAGES } from '../support/messages-that-ask.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const inOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A quoted line as what it stands for: words in italics are any. */
const patternOf = (quote: string): RegExp =>
  new RegExp(
    quote
      .split(/\*[^*]+\*/)
      .map((words) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.+?'),
  );

const QUOTES = read(TEXT_PATH)
  .split('\n')
  .flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []));
const PATTERNS = QUOTES.map((quote) => [quote, patternOf(quote)] as const);

const placesOf = (text: string): readonly string[] =>
  PATTERNS.flatMap(([quote, pattern]) => (pattern.test(inOneLine(text)) ? [quote] : []));

/** Where shell says something to people: what follows stands between quotes. */
const SAID =
  /(?:\becho (?=["'](?:W: )?reliable-raid: |["'] {2}\w)|\bd?warn |\bfall_back |\b_why=)(["'])((?:(?!\1).)+)\1/g;

async function shellTexts(): Promise<readonly string[]> {
  const files = (await shellFiles()).filter((path) => /^(scripts|hooks|initramfs-tools|dracut)\//.test(path));
  return files
    .flatMap((path) => [...read(path).matchAll(SAID)].map(([, , text = '']) => text))
    .map((text) =>
      text.replace(/\$\(.*?\)\)?|\$\{.*?\}|\$[\w*]+/g, 'X').replace(/^(W: )?reliable-raid: /, ''),
    )
    .filter((text) => /[a-z]{3}/.test(text));
}

test('each message that asks for action has its place, and no place is without a message', async (t) => {
  const found = new Set<string>();
  let count = 0;
  const look = (text: string, name: string): void => {
    const places = placesOf(text);
    count++;
    t.not(places.length, 0, `${name}: ${inOneLine(text)}`);
    for (const place of places) found.add(place);
  };
  for (const [where, kinds] of Object.entries(MESSAGES))
    for (const [kind, texts] of Object.entries(kinds))
      for (const text of texts ?? []) look(text, `${where}: ${kind}`);
  const ofShell = await shellTexts();
  t.ok(ofShell.length >= 12, `${ofShell.length} texts of shell`);
  for (const text of ofShell) if (!FOR_NOBODY.includes(text)) look(text, 'shell');
  t.ok(count > 80, `${count} messages`);
  t.same(
    QUOTES.filter((quote) => !found.has(quote)),
    [],
    'quotes that nothing says any more',
  );
});

/** What shell says and nobody has to act on. */
const FOR_NOBODY: readonly string[] = ['X (killed by signal X)'];

test('the tables have each kind that the program itself lists', async (t) => {
  t.same(Object.keys(MESSAGES['notices'] ?? {}).sort(), [...STANDING_KINDS, ...PASSING_KINDS].sort());
  const reasons = NOT_STARTABLE_REASONS.filter((one) => !['policy', 'start-failed', 'too-few'].includes(one));
  t.same(Object.keys(MESSAGES['why an array is not started'] ?? {}).sort(), [...reasons].sort());
});

test('a quote has words of its own', async (t) => {
  for (const quote of QUOTES)
    t.ok(quote.replace(/\*[^*]+\*/g, '').replace(/[^A-Za-z]/g, '').length >= 12, quote);
});

test('the man page is made of the same text', async (t) => {
  t.equal(read(PAGE_PATH), troubleshootingPage(), 'node tools/build/troubleshooting-page.ts');
});

test('what roff takes for its own is escaped', async (t) => {
  const page = manPageOf("# T\n\n.x a-b `c` *d* it's\n\n> *N* e\n\n```\n'f \\g\n```\n");
  for (const line of ['\\&.x a\\-b \\fBc\\fR \\fId\\fR it\\(aqs', '\\fIN\\fR e', '\\(aqf \\eg'])
    t.ok(page.split('\n').includes(line), line);
});
