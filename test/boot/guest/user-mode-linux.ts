// User-mode Linux: a kernel as an ordinary process, with md and device-mapper. Debian sid's build, run with sid's own C library.
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianSource } from './apt-mirror.ts';
import { cached } from './cache.ts';
import { asRoot, mustRun } from './host-command.ts';
import { step } from './progress.ts';
import { scratchFolder } from './scratch.ts';

export interface UserModeLinux {
  /** The working directory of the process: the kernel finds its C library by a path relative to it. */
  readonly folder: string;
  readonly kernel: string;
  readonly modules: string;
  readonly version: string;
}

const suite = 'sid';
const packages = 'user-mode-linux,libc6';
const recipe = 2;

export async function userModeLinux(): Promise<UserModeLinux> {
  const folder = await cached('uml', [suite, packages, recipe], (unfinished) =>
    step('user-mode Linux from Debian sid', () => fetchUserModeLinux(unfinished)),
  );
  const [version = ''] = readdirSync(join(folder, 'modules'));
  return { folder, kernel: './linux.uml', modules: join(folder, 'modules', version), version };
}

async function fetchUserModeLinux(folder: string): Promise<void> {
  const work = scratchFolder('uml');
  const tree = join(work, 'tree');
  try {
    await mustRun(
      asRoot([
        'mmdebstrap',
        '--mode=root',
        '--variant=extract',
        // a mirror that is not refreshed daily serves sid with a validity that has passed; its signature still holds
        '--aptopt=Acquire::Check-Valid-Until "false"',
        `--include=${packages}`,
        suite,
        tree,
        ...(await debianSource(suite)),
      ]),
    );
    const libraries = join(tree, 'usr/lib/x86_64-linux-gnu');
    for (const file of readdirSync(libraries).filter((name) => name.includes('.so'))) {
      cpSync(join(libraries, file), join(folder, file), { dereference: true });
    }
    cpSync(join(tree, 'usr/lib/uml/modules'), join(folder, 'modules'), { recursive: true });
    const kernel = join(folder, 'linux.uml');
    writeFileSync(kernel, withLoaderBesideIt(readFileSync(join(tree, 'usr/bin/linux.uml'))));
    chmodSync(kernel, 0o755);
  } finally {
    await mustRun(asRoot(['rm', '-rf', work]));
  }
}

/** Replaces the absolute path of the program loader by a relative one, in place. */
function withLoaderBesideIt(program: Buffer): Buffer {
  const absolute = '/lib64/ld-linux-x86-64.so.2';
  const at = program.indexOf(`${absolute}\0`);
  if (at < 0) throw new Error(`the user-mode Linux binary does not name its loader ${absolute}`);
  const relative = Buffer.alloc(absolute.length);
  relative.write('ld-linux-x86-64.so.2');
  const patched = Buffer.from(program);
  relative.copy(patched, at);
  return patched;
}
