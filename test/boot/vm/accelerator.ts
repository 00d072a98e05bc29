// Hardware virtualisation is used only after it has shown that it works: /dev/kvm may exist and hang its guests.
import { accessSync, constants } from 'node:fs';
import { endGroup, spawnOwned } from '../guest/owned-process.ts';

export type Accelerator = 'kvm' | 'tcg';

let known: Promise<Accelerator> | undefined;

export function accelerator(kernel: string): Promise<Accelerator> {
  known ??= probe(kernel);
  return known;
}

async function probe(kernel: string): Promise<Accelerator> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  return (await kernelSpeaks(kernel, 8000)) ? 'kvm' : 'tcg';
}

function kernelSpeaks(kernel: string, patienceMs: number): Promise<boolean> {
  const machine = ['-accel', 'kvm', '-cpu', 'host', '-m', '256', '-display', 'none', '-serial', 'stdio'];
  const boot = ['-kernel', kernel, '-append', 'console=ttyS0 panic=-1', '-no-reboot', '-nodefaults'];
  return new Promise((resolve) => {
    const child = spawnOwned('qemu-system-x86_64', [...machine, ...boot], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    const end = (works: boolean) => {
      clearTimeout(timer);
      endGroup(child);
      resolve(works);
    };
    const timer = setTimeout(() => end(false), patienceMs);
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
      if (/Kernel panic|No filesystem could mount root/.test(said)) end(true);
    });
    child.on('error', () => end(false));
    child.on('close', () => end(/Kernel panic/.test(said)));
  });
}

export function processorArguments(accelerator: Accelerator): readonly string[] {
  // Under emulation an older processor model is faster, and everything newer than it has been seen to stall. Without
  // cmpxchg16b: QEMU 7.2 leaves garbage in the flags after it, and an interrupt just then ends in a double fault.
  return accelerator === 'kvm'
    ? ['-accel', 'kvm', '-cpu', 'host']
    : ['-accel', 'tcg,tb-size=256', '-cpu', 'Westmere,rdrand=on,cx16=off'];
}

export const kernelArgumentsForSpeed = ['norandmaps', 'mitigations=off'];

/** The text of the screen is read at a fixed place in the adapter's memory: it must not scroll by moving the window. */
export const kernelArgumentsForScreen = ['no-scroll'];
