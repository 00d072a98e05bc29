/** All that the programs of a release are made of. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arch } from '../build/base-node.ts';
import { ROOT } from '../project.ts';
import { cLibraryPart, librariesOfNode, nodePart, quickjsPart } from './bundled-parts.ts';
import { type Lock, npmParts } from './npm-parts.ts';
import type { Part } from './part.ts';

export interface ReleaseParts {
  /** What the programs themselves hold or import, by `ref`. */
  readonly direct: readonly string[];
  readonly parts: readonly Part[];
}

export async function releaseParts(archs: readonly Arch[]): Promise<ReleaseParts> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const npm = npmParts(lock);
  const libraries = librariesOfNode();
  const held = [
    ...archs.map((arch) => nodePart(arch, lock, libraries)),
    quickjsPart(),
    ...(await Promise.all(archs.map(cLibraryPart))),
  ];
  return {
    direct: [...npm.direct, ...held.map(({ ref }) => ref)],
    parts: [...npm.parts, ...libraries, ...held],
  };
}

/** What the build has put into the program, by the notices that travel with it, and is not among the parts. */
export function unlisted(notices: string, parts: readonly Part[]): readonly string[] {
  const listed = new Set(parts.map(({ ref }) => ref));
  const noticed = [...notices.matchAll(/^={78}\n(\S+) (\S+) \(/gm)];
  return noticed.map(([, name, version]) => `${name}@${version}`).filter((ref) => !listed.has(ref));
}
