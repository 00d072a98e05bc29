import type { RunOptions } from '../../ports/runner.ts';

/** For machines of thousands of disks, whose tools take their time; one that hangs must not hold up a kernel upgrade. */
export const PATIENT: RunOptions = {
  maxOutputBytes: 64 * 1024 * 1024,
  hangsAfterMs: 5000,
  timeoutMs: 60_000,
};
