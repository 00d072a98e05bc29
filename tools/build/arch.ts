/** The processors that the programs are built for. */

import { parseArgs } from 'node:util';
import { ToolError } from '../project.ts';
import type { Arch } from './base-node.ts';

export function hostArch(): Arch {
  if (process.arch === 'x64' || process.arch === 'arm64') return process.arch;
  throw new ToolError(`reliable-raid is built for x64 and arm64, not for ${process.arch}`);
}

/** `--arch` of a command line; this machine's where it says none. */
export function archOption(): Arch {
  const { values } = parseArgs({ options: { arch: { type: 'string' } } });
  const arch = values.arch ?? hostArch();
  if (arch === 'x64' || arch === 'arm64') return arch;
  throw new ToolError(`no such processor: ${arch}`, '--arch x64 or --arch arm64');
}
