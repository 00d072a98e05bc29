// Where a machine keeps what it writes to a guest's disk: an overlay under QEMU, a copy under user-mode Linux.
import { join } from 'node:path';
import type { Lane } from './machine.ts';

export const diskFormat: Readonly<Record<Lane, 'qcow2' | 'raw'>> = { qemu: 'qcow2', 'user-mode': 'raw' };

export function diskPath(folder: string, disk: string, lane: Lane): string {
  return join(folder, `${disk}.${diskFormat[lane]}`);
}
