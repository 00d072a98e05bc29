/** What a release consists of, put into one folder. */
import { chmod, copyFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { sha256OfFile } from '../build/content-key.ts';
import { PACKAGE } from '../project.ts';
import { aptRepository, type DebianPackage } from './apt-repository.ts';
import type { SigningKey } from './signing-key.ts';
import { wholeFolder } from './whole-folder.ts';

export interface ReleaseContents {
  readonly debs: readonly DebianPackage[];
  readonly rpms: readonly string[];
  readonly billOfMaterials: string;
  /** Signs the sums and the repository; null: there is no repository. */
  readonly key: SigningKey | null;
  /** Of the source, in seconds since 1970. */
  readonly date: number;
}

const SUMS = 'SHA256SUMS';

export async function releaseFolder(folder: string, contents: ReleaseContents): Promise<void> {
  const { debs, rpms, billOfMaterials, key, date } = contents;
  await wholeFolder(folder, async (unfinished) => {
    const packages = [...debs.map(({ path }) => path), ...rpms];
    for (const path of packages) {
      const copy = join(unfinished, basename(path));
      await copyFile(path, copy);
      await chmod(copy, 0o644);
    }
    await writeFile(join(unfinished, `reliable-raid_${PACKAGE.version}.cdx.json`), billOfMaterials);
    await writeFile(join(unfinished, SUMS), await sumsOf(unfinished));
    if (key === null) return;
    await key.signBeside(join(unfinished, SUMS), join(unfinished, `${SUMS}.asc`));
    const copies = debs.map((one) => ({ ...one, path: join(unfinished, basename(one.path)) }));
    await aptRepository(join(unfinished, 'apt'), copies, key, date);
  });
}

/** As `sha256sum --check` reads them. */
async function sumsOf(folder: string): Promise<string> {
  const names = (await readdir(folder)).sort();
  const lines = await Promise.all(
    names.map(async (name) => `${await sha256OfFile(join(folder, name))}  ${name}\n`),
  );
  return lines.join('');
}
