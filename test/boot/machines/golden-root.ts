// The installed system of every random machine: made once a package, shared by all of them.
import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { baseImage } from '../guest/base.ts';
import { cached, fileHash } from '../guest/cache.ts';
import { furtherPlatforms, isOfDracut, platforms } from '../guest/platforms.ts';
import { step } from '../guest/progress.ts';
import { createDisk, runUnderUml } from '../guest/uml.ts';
import { userModeLinux } from '../guest/user-mode-linux.ts';

export interface GoldenRoot {
  /** A read-only file system with all of /usr. */
  readonly usr: string;
  /** All else, as an archive. */
  readonly rootArchive: string;
}

export const USR_UUID = '5b1f0c9e-7d3a-4e52-9a41-0f6c2d8e7b13';

/** One run may have machines of every platform, and another package be tried meanwhile. */
export const MOST_SYSTEMS = 2 * (platforms.length + furtherPlatforms.length);

const own = ['golden', 'machine-tree'] as const;
const ofGuests = ['61-ubd.rules', 'image-init-top', 'test-shell.service'] as const;

/** What differs with the builder of the images, for what is made and lived under user-mode Linux. */
export const generatorScript = (suite: string): string =>
  readFileSync(
    new URL(`in-uml/with-${isOfDracut(suite) ? 'dracut' : 'initramfs-tools'}`, import.meta.url),
    'utf8',
  );

export async function goldenRoot(suite: string, deb: string): Promise<GoldenRoot> {
  const text = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const files = Object.fromEntries([
    ...own.map((name) => [name, text(`in-uml/${name}`)]),
    ...(isOfDracut(suite) ? [] : [['image-hook', text('in-uml/image-hook')]]),
    ['generator', generatorScript(suite)],
    ...ofGuests.map((name) => [name, text(`../guest/in-uml/${name}`)]),
  ]) as Record<string, string>;
  const uml = await userModeLinux();
  const inputs = [fileHash(deb), await baseImage(suite), uml.folder, files];
  const make = (unfinished: string) =>
    step(`the system of random machines (${suite}, about 40 s)`, async () => {
      const usr = join(unfinished, 'usr.unfinished');
      createDisk(usr, '700M');
      const { code, stdout, stderr } = await runUnderUml({
        suite,
        memory: '1536M',
        disks: [{ path: usr, serial: 'usr' }],
        files,
        input: [deb],
        outFolder: unfinished,
        script: `usr_uuid=${USR_UUID}\n${files['golden']}`,
      });
      if (code !== 0)
        throw new Error(
          `the system could not be made (${code}):\n${`${stdout}\n${stderr}`.trim().slice(-3000)}`,
        );
      renameSync(usr, join(unfinished, 'usr.ext4'));
    });
  const folder = await cached('machine-root', inputs, make, MOST_SYSTEMS);
  return { usr: join(folder, 'usr.ext4'), rootArchive: join(folder, 'root.tar') };
}
