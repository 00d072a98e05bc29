// The root file system every guest starts from: Debian packages as they come, nothing configured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianSource } from './apt-mirror.ts';
import { cached } from './cache.ts';
import { asRoot, mustRun } from './host-command.ts';
import { type Platform, platformOf } from './platforms.ts';
import { step } from './progress.ts';
import { scratchFolder } from './scratch.ts';

export const guestPackages = [
  'linux-image-cloud-amd64',
  'systemd-sysv',
  'udev',
  'dbus',
  'kmod',
  'procps',
  'iproute2',
  'initramfs-tools',
  'busybox',
  'zstd',
  'mdadm',
  'lvm2',
  'cryptsetup-initramfs',
  'thin-provisioning-tools',
  'e2fsprogs',
  'fdisk',
  'less',
] as const;

const leftOut = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*'];

/** One a suite, and one each with further packages: dropping one that the next job wants costs more than its space. */
const basesKept = 14;

const initOfUml = new URL('./in-uml/uml-init', import.meta.url);

/** With dracut, `cryptsetup` alone: the hooks of initramfs-tools are not for it. */
const withDracut: Readonly<Record<string, string>> = {
  'initramfs-tools': 'dracut',
  'cryptsetup-initramfs': 'cryptsetup',
};

const packagesOf = (platform: Platform | undefined): readonly string[] =>
  guestPackages.map((name) => (platform?.generator === 'dracut' ? (withDracut[name] ?? name) : name));

/**
 * The path of an ext4 image with the root file system, with further packages if a job needs some (`NAME/SUITE`: from that suite, beside what
 * the machine has); built on first use.
 */
export async function baseImage(suite: string, further: readonly string[] = []): Promise<string> {
  const script = readFileSync(initOfUml, 'utf8');
  const platform = platformOf(suite);
  const packages = [...packagesOf(platform), ...(platform?.packages ?? []), ...further];
  const folder = await cached(
    'base',
    [suite, packages, leftOut, script],
    (unfinished) =>
      step(`Debian ${suite} base system (about 40 s)`, () =>
        buildBase(platform?.release ?? suite, packages, unfinished, platform?.generator === 'dracut'),
      ),
    basesKept,
  );
  return join(folder, 'base.ext4');
}

async function buildBase(
  suite: string,
  packages: readonly string[],
  folder: string,
  withoutImage: boolean,
): Promise<void> {
  const work = scratchFolder('base');
  const tree = join(work, 'tree');
  const image = join(folder, 'base.ext4');
  const own = packages.filter((name) => !name.includes('/'));
  const others = packages.filter((name) => name.includes('/'));
  const suites = [suite, ...new Set(others.map((name) => name.replace(/^.*\//, '')))];
  const sources = await Promise.all(suites.map(debianSource));
  try {
    await mustRun(
      asRoot([
        // dracut would build an image twice, minutes each; the machine's own is built when it is installed
        ...(withoutImage ? ['env', 'INITRD=No'] : []),
        'mmdebstrap',
        '--mode=root',
        '--variant=minbase',
        '--dpkgopt=force-unsafe-io',
        // a mirror that is not refreshed daily serves forky and sid with a validity that has passed; the signature still holds
        '--aptopt=Acquire::Check-Valid-Until "false"',
        ...leftOut.map((path) => `--dpkgopt=path-exclude=${path}`),
        `--include=${own.join(',')}`,
        ...others.map((name) => `--customize-hook=chroot "$1" apt-get install --yes --quiet ${name}`),
        suite,
        tree,
        ...sources.flat(),
      ]),
    );
    // Debian testing links files of /boot to those of /usr, and a guest may have a /boot of its own
    await mustRun(asRoot(['cp', '-a', '--no-preserve=links', `${tree}/boot`, `${tree}/boot.own`]));
    await mustRun(asRoot(['rm', '-r', `${tree}/boot`]));
    await mustRun(asRoot(['mv', `${tree}/boot.own`, `${tree}/boot`]));
    await mustRun(asRoot(['install', '-m', '755', initOfUml.pathname, join(tree, 'uml-init')]));
    const plain = ['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-d', tree, image, '1G'];
    await mustRun(asRoot(['mke2fs', ...plain]));
    await mustRun(asRoot(['chown', `${process.getuid?.()}:${process.getgid?.()}`, image]));
  } finally {
    await mustRun(asRoot(['rm', '-rf', work]));
  }
}
