import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Every file of ours that a file imports, directly or not, types alone left out; absolute paths. */
export function importsOf(file: string): ReadonlySet<string> {
  const found = new Set<string>();
  const left = [file];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    for (const [, path = ''] of readFileSync(next, 'utf8').matchAll(
      /^(?:import|export)(?! type\b)[^;]*? from '(\.[^']*\.ts)'/gm,
    )) {
      const imported = resolve(dirname(next), path);
      if (found.has(imported) || !existsSync(imported)) continue;
      found.add(imported);
      left.push(imported);
    }
  }
  return found;
}
