// A release and one before it, each in a signed repository for apt: made with the tools of a release and a key of a few minutes.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptRepository } from '../../../tools/release/apt-repository.ts';
import { SigningKey } from '../../../tools/release/signing-key.ts';
import { mustRun } from '../guest/host-command.ts';

export interface Releases {
  /** What the web server gives out. */
  readonly folder: string;
  readonly versions: { readonly before: string; readonly now: string };
  publish(which: 'before' | 'now'): Promise<void>;
}

export async function twoReleases(work: string, debs: { before: string; now: string }): Promise<Releases> {
  const home = join(work, 'keys');
  mkdirSync(home, { mode: 0o700 });
  process.env['GNUPGHOME'] = home;
  const unlocked = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', ''];
  await mustRun([
    'gpg',
    ...unlocked,
    '--quick-generate-key',
    '<release@example.org>',
    'ed25519',
    'sign',
    '1y',
  ]);
  const key = await SigningKey.find('release@example.org');
  const folder = join(work, 'served');
  mkdirSync(folder);
  const versions = { before: await versionOf(debs.before), now: await versionOf(debs.now) };
  const firstDate = Math.floor(Date.now() / 1000);
  return {
    folder,
    versions,
    async publish(which) {
      for (const part of ['dists', 'pool', 'reliable-raid.asc'])
        rmSync(join(folder, part), { recursive: true, force: true });
      // A repository links the package, which is to be on its file system.
      const deb = join(work, `reliable-raid_${versions[which]}_amd64.deb`);
      copyFileSync(debs[which], deb);
      const date = firstDate + (which === 'now' ? 1 : 0);
      await aptRepository(folder, [{ path: deb, architecture: 'amd64' }], key, date);
      rmSync(deb);
    },
  };
}

/** The agent that keeps the key ends with its folder's last use. */
export async function forgetKeys(): Promise<void> {
  await mustRun(['gpgconf', '--kill', 'all']);
}

const versionOf = async (deb: string): Promise<string> =>
  (await mustRun(['dpkg-deb', '--field', deb, 'Version'])).trim();

/** The same package under a lower version, where there is none from before. */
export async function asEarlierVersion(deb: string, work: string): Promise<string> {
  const tree = join(work, 'earlier');
  await mustRun(['dpkg-deb', '--raw-extract', deb, tree]);
  await mustRun(['sed', '-i', 's/^Version: .*/&~earlier/', join(tree, 'DEBIAN/control')]);
  const earlier = join(work, 'earlier.deb');
  await mustRun(['dpkg-deb', '--root-owner-group', '-Zzstd', '-z1', '--build', tree, earlier]);
  rmSync(tree, { recursive: true });
  return earlier;
}
