import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path/posix';
import { test } from 'tap';
import { ROOT } from '../../tools/project.ts';
import { importsOf } from './imports.ts';

/** Every file that an entry reaches, and every library by its name. */
function reachedFrom(entry: string, reached = new Set<string>()): ReadonlySet<string> {
  if (reached.has(entry)) return reached;
  reached.add(entry);
  if (!entry.endsWith('.ts') || entry.endsWith('.d.ts')) return reached;
  for (const name of importsOf(readFileSync(join(ROOT, entry), 'utf8')))
    if (name.startsWith('.')) reachedFrom(join(dirname(entry), name), reached);
    else reached.add(name);
  return reached;
}

test('what goes into an image has no library, and reads no configuration', async (t) => {
  for (const entry of ['src/cli/image/main.ts', 'src/cli/image/gate-main.ts']) {
    const reached = reachedFrom(entry);
    t.ok(reached.size > 30, `${entry}: ${reached.size} files`);
    t.same(
      [...reached].filter((name) => !name.startsWith('src/')),
      ['host'],
      `${entry}: libraries`,
    );
    t.same(
      [...reached].filter((name) => name.startsWith('src/app/configuration/')),
      [],
      entry,
    );
  }
  t.ok(reachedFrom('src/cli/main.ts').has('valibot'), 'the other program has them');
});
