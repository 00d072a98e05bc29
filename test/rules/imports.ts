import { dirname, join } from 'node:path/posix';

/** Texts of source files by their paths, such as `src/core/md/enough.ts`. */
export type Sources = ReadonlyMap<string, string>;

/** Every way in which one file names another: type imports, re-exports, imports for their effect, and `import('...')`. */
const IMPORT =
  /^\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/gm;

const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** What a file imports, as written. */
export const importsOf = (text: string): readonly string[] =>
  [...text.replace(COMMENT, '').matchAll(IMPORT)].map(([, from, bare]) => from ?? bare ?? '');

/** The files that a file imports by a path, as paths of the project. */
const filesImportedBy = (path: string, sources: Sources): readonly string[] =>
  importsOf(sources.get(path) ?? '')
    .filter((name) => name.startsWith('.'))
    .map((name) => join(dirname(path), name));

const folderInCore = (path: string): string => /^src\/core\/([^/]+)\//.exec(path)?.[1] ?? '';

/** Imports in src/core of anything but src/core: a runtime, a library, a port, an adapter, an application. */
export function importsOutOfCore(sources: Sources): readonly string[] {
  const faults: string[] = [];
  for (const [path, text] of sources) {
    if (!path.startsWith('src/core/')) continue;
    for (const name of importsOf(text))
      if (!name.startsWith('.') || !join(dirname(path), name).startsWith('src/core/'))
        faults.push(`${path} imports ${name}`);
  }
  return faults;
}

/** Imports in src/core from a folder that is not in an earlier step; folders of one step do not import each other. */
export function importsAgainstOrder(
  sources: Sources,
  order: readonly (readonly string[])[],
): readonly string[] {
  const step = new Map(order.flatMap((folders, index) => folders.map((folder) => [folder, index] as const)));
  const faults: string[] = [];
  for (const path of sources.keys()) {
    if (!path.startsWith('src/core/')) continue;
    const own = step.get(folderInCore(path));
    if (own === undefined) {
      faults.push(`${path} is in no folder of the order`);
      continue;
    }
    for (const imported of filesImportedBy(path, sources)) {
      const folder = folderInCore(imported);
      const isEarlier = (step.get(folder) ?? order.length) < own;
      if (folder !== folderInCore(path) && folder !== '' && !isEarlier)
        faults.push(`${path} imports ${imported}`);
    }
  }
  return faults;
}

/** A way from a file back to itself, or null: `a.ts`, `b.ts`, `a.ts`. */
export function circleOfFiles(sources: Sources): readonly string[] | null {
  const done = new Set<string>();
  const way: string[] = [];
  const follow = (path: string): readonly string[] | null => {
    if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
    if (done.has(path)) return null;
    way.push(path);
    for (const imported of filesImportedBy(path, sources)) {
      const circle = follow(imported);
      if (circle !== null) return circle;
    }
    way.pop();
    done.add(path);
    return null;
  };
  for (const path of sources.keys()) {
    const circle = follow(path);
    if (circle !== null) return circle;
  }
  return null;
}
