import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import t from 'tap';
import { ROOT } from '../../tools/project.ts';

const BIOME = join(ROOT, 'node_modules/.bin/biome');

const IMPURE: Readonly<Record<string, string>> = {
  node: "import { readFile } from 'node:fs/promises';\nexport const x = readFile;\n",
  bare: "import { readFileSync } from 'fs';\nexport const x = readFileSync;\n",
  port: "import { type Clock, now } from '../../ports/clock.ts';\nexport const x: Clock = now;\n",
  adapter: "import { run } from '../../adapters/node/runner.ts';\nexport const x = run;\n",
  application: "import { boot } from '../../app/boot.ts';\nexport const x = boot;\n",
  library: "import { parse } from 'smol-toml';\nexport const x = parse;\n",
  clock: 'export const now = (): number => Date.now();\n',
  process: 'export const where = (): string => process.cwd();\n',
  timer: 'export const later = (f: () => void): unknown => setTimeout(f, 1);\n',
};
const PURE = "import { ok } from '../result.ts';\nexport const x = ok;\n";

/** Lints files with these texts under this project's rules, in a folder of their own; the places that broke the rule of purity. */
function impurePlaces(t: Tap, files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-purity-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as Record<string, unknown>;
  const written = { ...files, 'biome.json': JSON.stringify({ ...config, vcs: { enabled: false } }) };
  for (const [path, text] of Object.entries(written)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const run = spawnSync(
    BIOME,
    ['lint', '--reporter=json', '--diagnostic-level=error', '--max-diagnostics=none', '.'],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  const places = Object.keys(files).filter((path) => run.stdout.includes(path));
  t.equal(run.status, places.length === 0 ? 0 : 1, 'biome ran');
  return places.sort();
}

type Tap = Pick<typeof t, 'teardown' | 'equal'>;

const filesIn = (folder: string): Record<string, string> =>
  Object.fromEntries(Object.entries(IMPURE).map(([name, text]) => [`${folder}/${name}.ts`, text]));

t.test('core/ may import no runtime, port, adapter or library, and knows no clock', async (t) => {
  const inCore = filesIn('src/core/engine');
  t.same(impurePlaces(t, { ...inCore, 'src/core/engine/pure.ts': PURE }), Object.keys(inCore).sort());
});

t.test('the other folders may', async (t) => {
  t.same(impurePlaces(t, filesIn('src/app')), []);
});

t.test('core/ as it is obeys', async (t) => {
  const run = spawnSync(BIOME, ['lint', 'src/core'], { cwd: ROOT, encoding: 'utf8' });
  t.equal(run.status, 0, run.stdout + run.stderr);
});
