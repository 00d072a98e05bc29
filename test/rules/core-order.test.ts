import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../tools/project.ts';
import { circleOfFiles, importsAgainstOrder, importsOf, importsOutOfCore, type Sources } from './imports.ts';

/** The order of core: a folder imports only from those in the steps before its own. */
const ORDER = [
  ['text', 'keys', 'result'],
  ['md'],
  ['parse'],
  // What mdadm says of a container's disk is part of a snapshot as it was parsed.
  ['snapshot'],
  ['watchlist', 'report'],
  ['topology', 'configuration', 'ledger', 'verdict', 'image', 'notices'],
  ['engine', 'rejoin', 'inspect'],
  ['explain'],
  ['render'],
];

const made = (files: Readonly<Record<string, string>>): Sources => new Map(Object.entries(files));

function sourceOfProject(): Sources {
  const names = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const paths = names.filter((name) => name.endsWith('.ts')).map((name) => `src/${name}`);
  return new Map(paths.sort().map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

t.test('every kind of import is found, and no other text', async (t) => {
  const text = `/** As import('./comment.ts') would. */
import './effect.ts';
import { a, type B } from './named.ts';
import type {
  C,
} from './type.ts';
import * as d from "./all.ts";
export { e } from './again.ts';
export type * from './types-again.ts';
// import { f } from './commented-out.ts';
export const g = (): Promise<unknown> => import('./later.ts');
export type H = import('./inline.ts').H;
export const from = 'x';
`;
  const names = 'effect named type all again types-again later inline'.split(' ');
  t.same(
    importsOf(text),
    names.map((name) => `./${name}.ts`),
  );
});

t.test('an import against the order is found', async (t) => {
  const order = [['text', 'keys'], ['md'], ['engine']];
  const faults = (files: Readonly<Record<string, string>>) => importsAgainstOrder(made(files), order);
  const good = {
    'src/core/engine/step.ts':
      "import { a } from '../text/a.ts';\nimport { b } from '../md/b.ts';\nimport { c } from './c.ts';\n",
    'src/app/any.ts': "import { step } from '../core/engine/step.ts';\n",
  };
  t.same(faults(good), []);
  t.same(faults({ ...good, 'src/core/md/b.ts': "import type { Step } from '../engine/step.ts';\n" }), [
    'src/core/md/b.ts imports src/core/engine/step.ts',
  ]);
  t.same(faults({ 'src/core/keys/key.ts': "export { a } from '../text/a.ts';\n" }), [
    'src/core/keys/key.ts imports src/core/text/a.ts',
  ]);
  t.same(
    faults({ 'src/core/engine/sub/deep.ts': "import { x } from '../../unknown/x.ts';\n" }),
    ['src/core/engine/sub/deep.ts imports src/core/unknown/x.ts'],
    'a folder that is not listed comes after all',
  );
  t.same(
    faults({ 'src/core/unknown/x.ts': '', 'src/core/loose.ts': '' }),
    ['src/core/unknown/x.ts is in no folder of the order', 'src/core/loose.ts is in no folder of the order'],
    'every file of core has its place',
  );
});

t.test('an import out of core is found', async (t) => {
  const kinds = {
    runtime: 'node:fs',
    'bare-runtime': 'fs',
    library: 'smol-toml',
    port: '../../ports/clock.ts',
    adapter: '../../adapters/node/runner.ts',
    application: '../../app/machine.ts',
  };
  for (const [kind, name] of Object.entries(kinds))
    t.same(
      importsOutOfCore(made({ [`src/core/md/${kind}.ts`]: `import type { A } from '${name}';\n` })),
      [`src/core/md/${kind}.ts imports ${name}`],
      kind,
    );
  t.same(
    importsOutOfCore(
      made({
        'src/core/md/a.ts': "import { b } from '../text/b.ts';\n",
        'src/app/c.ts': "import { readFile } from 'node:fs/promises';\n",
      }),
    ),
    [],
  );
});

t.test('a circle of files is found', async (t) => {
  const chain = {
    'src/a.ts': "import { b } from './x/b.ts';\nimport { c } from './c.ts';\n",
    'src/x/b.ts': "import type { C } from '../c.ts';\n",
    'src/c.ts': "import { readFile } from 'node:fs';\n",
  };
  t.equal(circleOfFiles(made(chain)), null, 'two ways to one file are none');
  t.same(circleOfFiles(made({ ...chain, 'src/c.ts': "import type { B } from './x/b.ts';\n" })), [
    'src/x/b.ts',
    'src/c.ts',
    'src/x/b.ts',
  ]);
  t.same(circleOfFiles(made({ 'src/own.ts': "import { own } from './own.ts';\n" })), [
    'src/own.ts',
    'src/own.ts',
  ]);
});

t.test('src as it is obeys', async (t) => {
  const sources = sourceOfProject();
  t.ok(sources.size > 150, `${sources.size} files`);
  t.same(importsOutOfCore(sources), [], 'core imports nothing but core');
  t.same(importsAgainstOrder(sources, ORDER), [], 'core keeps its order');
  t.equal(circleOfFiles(sources)?.join(' -> ') ?? 'none', 'none', 'no circle of files');
});
