/**
 * What the program needs of the system's libraries, as a line for debhelper, where the package is for another processor: dpkg-shlibdeps
 * wants to look into the libraries themselves, and here are those of this processor. Both programs are the same release of
 * Node, so that it is asked about this processor's; that the other one needs nothing newer is looked up in both.
 */
import { execa } from 'execa';
import { type Arch, findBaseNode } from '../build/base-node.ts';
import { hostArch } from '../build/build.ts';
import { ToolError } from '../project.ts';

/** `tree` has debian/control, which dpkg-shlibdeps reads. */
export async function neededLibraries(arch: Arch, tree: string): Promise<string> {
  const ours = await nodeOf(hostArch());
  const newer = newerThan(await versionNeeds(await nodeOf(arch)), await versionNeeds(ours));
  if (newer !== undefined)
    throw new ToolError(
      `Node for ${arch} needs ${newer}, which is newer than what Node for ${hostArch()} needs: no bound for its libraries is known here`,
      `build the package on that processor: npm run package`,
    );
  const run = await execa('dpkg-shlibdeps', ['-O', ours], { cwd: tree, stdin: 'ignore', reject: false });
  if (run.failed) throw new ToolError(`dpkg-shlibdeps cannot look into ${ours}:\n${run.stderr}`);
  return `${run.stdout}\n`;
}

/** The first version of symbols that is above the highest of its family in `known`. */
export function newerThan(needs: readonly string[], known: readonly string[]): string | undefined {
  const highest = new Map<string, string>();
  for (const [family, version] of known.map(familyAndVersion))
    if (isAbove(version, highest.get(family))) highest.set(family, version);
  return needs.find((need) => {
    const [family, version] = familyAndVersion(need);
    return isAbove(version, highest.get(family));
  });
}

/** Such as GLIBC_2.28, of every library. */
async function versionNeeds(program: string): Promise<readonly string[]> {
  const args = ['--wide', '--version-info', program];
  const run = await execa('readelf', args, { env: { LC_ALL: 'C' }, stdin: 'ignore', reject: false });
  if (run.failed)
    throw new ToolError(`readelf cannot read ${program}: ${run.stderr}`, 'apt-get install binutils');
  return [...new Set([...run.stdout.matchAll(/\bName: ([A-Z]+_[\d.]+) /g)].map(([, name = '']) => name))];
}

async function nodeOf(arch: Arch): Promise<string> {
  const node = await findBaseNode(arch);
  if (node === null) throw new ToolError(`node-linux-${arch} is not installed`, 'npm ci');
  return node.path;
}

const familyAndVersion = (need: string): readonly [family: string, version: string] => {
  const [family = '', version = ''] = need.split('_');
  return [family, version];
};

function isAbove(version: string, other: string | undefined): boolean {
  return other === undefined || version.localeCompare(other, 'en', { numeric: true }) > 0;
}
