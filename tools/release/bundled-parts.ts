/** What is in the programs that npm knows nothing of: Node with the libraries inside it, QuickJS, and the C library. */
import { readFile } from 'node:fs/promises';
import type { Arch } from '../build/base-node.ts';
import { Compiler } from '../build/c-compiler.ts';
import { QUICKJS_SHA256, QUICKJS_VERSION } from '../build/quickjs-source.ts';
import { PACKAGE, ToolError } from '../project.ts';
import { type Lock, sumOf } from './npm-parts.ts';
import type { Part } from './part.ts';

/** What Node lists among its versions that is not a library: itself, its interfaces, tables of languages and time zones. */
const NOT_LIBRARIES = new Set(['node', 'modules', 'napi', 'cldr', 'tz', 'unicode']);

/** Where Node has a name of its own for a library. */
const KNOWN_AS: Readonly<Record<string, string>> = { ares: 'c-ares', uv: 'libuv' };

/** The stock Node of one processor, whose libraries are `librariesOfNode`. */
export function nodePart(arch: Arch, lock: Lock, libraries: readonly Part[]): Part {
  const packed = `node-linux-${arch}`;
  const version = PACKAGE.optionalDependencies[packed] ?? '';
  const sum = sumOf(lock.packages[`node_modules/${packed}`]?.integrity);
  return {
    ref: `${packed}@${version}`,
    name: 'node',
    version,
    type: 'platform',
    purl: `pkg:npm/${packed}@${version}`,
    cpe: `cpe:2.3:a:nodejs:node.js:${version}:*:*:*:*:*:*:*`,
    license: 'MIT',
    ...(sum === undefined ? {} : { sum }),
    description: `the stock Node for ${arch} that carries the program; its symbols and its ICU data in other languages than English are taken out`,
    needs: libraries.map(({ ref }) => ref),
  };
}

/** As Node says of itself: the same version runs this program. */
export function librariesOfNode(): readonly Part[] {
  const packed = PACKAGE.optionalDependencies[`node-linux-${process.arch}`];
  if (process.versions.node !== packed)
    throw new ToolError(
      `the programs carry Node ${packed}, and this is Node ${process.versions.node}, which has other libraries inside`,
      'npm ci, then npm run release',
    );
  return Object.entries(process.versions).flatMap(([key, version = '']) => {
    if (NOT_LIBRARIES.has(key) || version === '') return [];
    const name = KNOWN_AS[key] ?? key;
    return {
      ref: `node/${name}@${version}`,
      name,
      version,
      type: 'library' as const,
      purl: `pkg:generic/${name}@${version}`,
      description: 'inside Node',
      needs: [],
    };
  });
}

export function quickjsPart(): Part {
  return {
    ref: `quickjs@${QUICKJS_VERSION}`,
    name: 'quickjs',
    version: QUICKJS_VERSION,
    type: 'library',
    purl: `pkg:deb/debian/quickjs@${QUICKJS_VERSION}?arch=source`,
    license: 'MIT',
    sum: { algorithm: 'SHA-256', content: QUICKJS_SHA256 },
    description: 'inside the boot engine; the sum is that of its source',
    needs: [],
  };
}

/** The C library that is linked into the boot engine, by what the library says of itself. */
export async function cLibraryPart(arch: Arch): Promise<Part> {
  const { library } = await Compiler.find(arch);
  const said = /GNU C Library \(([ -~]+?)\) [a-z]+ release version ([\d.]+\d)/.exec(
    await readFile(library, 'latin1'),
  );
  const [, build = '', version = ''] = said ?? [];
  if (said === null)
    throw new ToolError(
      `${library} does not say which release of the GNU C library it is`,
      'apt-get install libc6-dev, or look into it: strings FILE | grep "release version"',
    );
  return {
    ref: `glibc-${arch}@${version}`,
    name: 'glibc',
    version,
    type: 'library',
    purl: `pkg:generic/glibc@${version}`,
    cpe: `cpe:2.3:a:gnu:glibc:${version}:*:*:*:*:*:*:*`,
    license: 'LGPL-2.1-or-later',
    description: `inside the boot engine for ${arch}, linked statically (${build})`,
    needs: [],
  };
}
