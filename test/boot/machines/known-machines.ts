// Machines that once failed, each shrunk: what they showed is mended, and stays so.
import type { MachinePlan } from './machine-plan.ts';

export interface KnownMachine {
  readonly seed: number;
  readonly showed: string;
  readonly plan: MachinePlan;
}

export const knownMachines: readonly KnownMachine[] = [];
