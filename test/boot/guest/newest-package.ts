import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The product's package, if `npm run package` has made one. */
export function newestPackage(): string | undefined {
  const dist = fileURLToPath(new URL('../../../dist', import.meta.url));
  if (!existsSync(dist)) return undefined;
  const found = readdirSync(dist).filter((name) => /^reliable-raid_.*_amd64\.deb$/.test(name));
  const [newest] = found.sort().reverse();
  return newest === undefined ? undefined : join(dist, newest);
}
