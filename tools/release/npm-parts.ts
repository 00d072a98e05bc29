/** The npm packages that become part of the program, as package-lock.json has them: not what only builds or tests it. */
import { ToolError } from '../project.ts';
import type { Part, Sum } from './part.ts';

export interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** What the program imports, and what that imports. Node, which package.json names among the optional dependencies, is none of it. */
export function npmParts({ packages }: Lock): { direct: readonly string[]; parts: readonly Part[] } {
  const direct = placesOf(packages, '', packages['']?.dependencies ?? {});
  const parts = new Map<string, Part>();
  const queue = [...direct];
  for (let place = queue.shift(); place !== undefined; place = queue.shift()) {
    if (parts.has(place)) continue;
    const entry = packages[place] ?? {};
    const needs = placesOf(packages, place, { ...entry.dependencies, ...entry.optionalDependencies });
    parts.set(place, partOf(packages, place, needs));
    queue.push(...needs);
  }
  return { direct: direct.map((place) => refOf(packages, place)), parts: [...parts.values()] };
}

function partOf(packages: Lock['packages'], place: string, needs: readonly string[]): Part {
  const { version = '', license, integrity } = packages[place] ?? {};
  const name = nameAt(place);
  const sum = sumOf(integrity);
  return {
    ref: refOf(packages, place),
    name,
    version,
    type: 'library',
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    ...(license === undefined ? {} : { license }),
    ...(sum === undefined ? {} : { sum }),
    needs: needs.map((need) => refOf(packages, need)),
  };
}

/** From npm's way to write one, which has base64. */
export function sumOf(integrity: string | undefined): Sum | undefined {
  const base64 = integrity?.split(' ').find((one) => one.startsWith('sha512-'));
  if (base64 === undefined) return undefined;
  return {
    algorithm: 'SHA-512',
    content: Buffer.from(base64.slice('sha512-'.length), 'base64').toString('hex'),
  };
}

function placesOf(
  packages: Lock['packages'],
  from: string,
  dependencies: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.keys(dependencies).map((name) => placeOf(packages, from, name));
}

/** Node looks beside the importing package first, then further up. */
function placeOf(packages: Lock['packages'], from: string, name: string): string {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    const place = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (folder === '')
      throw new ToolError(
        `package-lock.json has no ${name}, which ${from === '' ? 'package.json' : from} needs`,
        'npm install, and commit package-lock.json',
      );
  }
}

const nameAt = (place: string): string =>
  place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Two copies of one version are one part. */
const refOf = (packages: Lock['packages'], place: string): string =>
  `${nameAt(place)}@${packages[place]?.version ?? ''}`;
