import { type KernelParameter, parseKernelCmdline } from '../../core/parse/kernel-cmdline.ts';
import type { Machine } from '../machine.ts';

/** What this kernel was started with; nothing where it does not say. */
export const readKernelCmdline = async ({
  files,
  paths,
}: Pick<Machine, 'files' | 'paths'>): Promise<readonly KernelParameter[]> =>
  parseKernelCmdline((await files.readText(`${paths.proc}/cmdline`)) ?? '');
