// The root file system of an arm64 machine: Debian 13 as it comes, installed by programs for arm64.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { debianSource } from '../guest/apt-mirror.ts';
import { cached } from '../guest/cache.ts';
import { asRoot, mustRun, runCommand } from '../guest/host-command.ts';
import { step } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';

const PACKAGES = [
  ...['linux-image-cloud-arm64', 'systemd-sysv', 'udev', 'dbus', 'kmod', 'procps'],
  ...['initramfs-tools', 'busybox', 'zstd', 'mdadm', 'e2fsprogs', 'fdisk'],
];
const LEFT_OUT = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*'];

const BINFMT = '/proc/sys/fs/binfmt_misc';
/** Of Debian's qemu-user-static. */
const HANDLER = '/usr/lib/binfmt.d/qemu-aarch64.conf';

/** The folder with base.ext4, and vmlinuz and initrd from it; built on first use. */
export const arm64Base = (): Promise<string> =>
  cached('arm64-base', [PACKAGES, LEFT_OUT], (folder) =>
    step('Debian 13 for arm64', () => buildBase(folder)),
  );

/** Has the kernel of this machine start programs for arm64, as systemd-binfmt would. */
async function startArm64Programs(): Promise<void> {
  if (process.arch === 'arm64' || existsSync(join(BINFMT, 'qemu-aarch64'))) return;
  if (!existsSync(join(BINFMT, 'register')))
    await runCommand(asRoot(['mount', '-t', 'binfmt_misc', 'binfmt_misc', BINFMT]));
  await mustRun(asRoot(['sh', '-c', `cat ${HANDLER} >${BINFMT}/register`]));
}

async function buildBase(folder: string): Promise<void> {
  await startArm64Programs();
  const work = scratchFolder('armbase');
  const tree = join(work, 'tree');
  try {
    const include = [
      '--mode=root',
      '--variant=minbase',
      '--architectures=arm64',
      `--include=${PACKAGES.join(',')}`,
    ];
    await mustRun(
      asRoot([
        ...['mmdebstrap', ...include, '--dpkgopt=force-unsafe-io'],
        ...LEFT_OUT.map((path) => `--dpkgopt=path-exclude=${path}`),
        ...['trixie', tree, ...(await debianSource('trixie'))],
      ]),
    );
    for (const [name, target] of [
      ['vmlinuz-', 'vmlinuz'],
      ['initrd.img-', 'initrd'],
    ] as const) {
      const found = readdirSync(join(tree, 'boot')).find((each) => each.startsWith(name));
      await mustRun(asRoot(['cp', join(tree, 'boot', found ?? name), join(folder, target)]));
    }
    const image = ['-q', '-t', 'ext4', '-O', '^has_journal', '-m', '0', '-L', 'setup', '-d', tree];
    await mustRun(asRoot(['mke2fs', ...image, join(folder, 'base.ext4'), '2G']));
    const owner = `${process.getuid?.()}:${process.getgid?.()}`;
    await mustRun(asRoot(['chown', '-R', owner, folder]));
  } finally {
    await mustRun(asRoot(['rm', '-rf', work]));
  }
}
