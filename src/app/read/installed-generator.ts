import { type Generator, INITRAMFS_TOOLS } from '../../core/image/generator.ts';
import { GENERATOR_PROGRAMS, generatorOfMachine } from '../../core/image/which-generator.ts';
import type { Files } from '../../ports/files.ts';

/** Who builds the boot images below a root, which ends without a slash; Debian's own where nobody is known. */
export const readInstalledGenerator = async (files: Pick<Files, 'exists'>, root = ''): Promise<Generator> =>
  (await findInstalledGenerator(files, root)) ?? INITRAMFS_TOOLS;

/** The same, and null where nobody is known. */
export async function findInstalledGenerator(
  files: Pick<Files, 'exists'>,
  root = '',
): Promise<Generator | null> {
  const installed = new Set<string>();
  for (const path of GENERATOR_PROGRAMS) if (await files.exists(`${root}/${path}`)) installed.add(path);
  return generatorOfMachine(installed);
}
