/** The processors that the programs are built for. */

import { ToolError } from '../project.ts';
import type { Arch } from './base-node.ts';

export function hostArch(): Arch {
  if (process.arch === 'x64' || process.arch === 'arm64') return process.arch;
  throw new ToolError(`reliable-raid is built for x64 and arm64, not for ${process.arch}`);
}
