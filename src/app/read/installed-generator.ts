import type { Generator } from '../../core/image/generator.ts';
import { GENERATOR_PROGRAMS, generatorOfMachine } from '../../core/image/which-generator.ts';
import type { Files } from '../../ports/files.ts';

/** Who builds the boot images below a root, which ends without a slash. */
export async function readInstalledGenerator(files: Pick<Files, 'exists'>, root = ''): Promise<Generator> {
  const installed = new Set<string>();
  for (const path of GENERATOR_PROGRAMS) if (await files.exists(`${root}/${path}`)) installed.add(path);
  return generatorOfMachine(installed);
}
