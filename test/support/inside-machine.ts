// Runs programs where a machine on disk (simulated-machine, scripted-machine) is the machine: a mount namespace in which its
// folders lie over /sys, /dev, /run and /etc, and its programs are found first.
import { spawn, spawnSync } from 'node:child_process';
import type { Ended } from './run-adapter-program.ts';

const ENTER = `folder=$1
shift
for device in null urandom; do
	: >"$folder/dev/$device"
	mount --bind "/dev/$device" "$folder/dev/$device"
done
for place in sys dev run etc; do mount --rbind "$folder/$place" "/$place"; done
mount --bind "$folder/bin" /usr/sbin
exec "$@"`;

const namespace = ['unshare', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];

/** Null where it can be done. */
export function whyNotInside(): string | null {
  const [program = '', ...args] = [...namespace, 'sh', '-c', 'mount --bind /usr /sys'];
  return spawnSync(program, args).status === 0 ? null : 'this system gives no mount namespace';
}

/** Without any variable of the caller's. */
export function runInside(folder: string, command: readonly string[]): Promise<Ended> {
  const [program = '', ...args] = [...namespace, 'sh', '-ec', ENTER, 'sh', folder, ...command];
  return new Promise((resolve, reject) => {
    const env = { PATH: '/usr/bin:/bin' };
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
      });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...said, status: code ?? signal }));
  });
}
