import type { AfterRootFinding } from './after-root.ts';
import type { FirmwareFinding } from './firmware.ts';
import type { ImageFinding } from './image.ts';
import type { KernelFinding } from './kernel.ts';
import type { LateMemberFinding } from './late-members.ts';
import type { LoaderFinding } from './loader.ts';
import type { UnlockFinding } from './unlocking.ts';

/** Where in a boot something was found, in the order in which a boot passes them. */
export const BOOT_STAGES = ['firmware', 'loader', 'image', 'kernel', 'arrays', 'after-root'] as const;

export type BootStage = (typeof BOOT_STAGES)[number];

/** What a stage of the boot will meet, as facts; whoever shows it words it. */
export type Finding =
  | FirmwareFinding
  | LoaderFinding
  | ImageFinding
  | UnlockFinding
  | KernelFinding
  | LateMemberFinding
  | AfterRootFinding;

/** Ends the boot, or may end it for all that anybody knows. */
export const isGrave = ({ grade }: Finding): boolean => grade !== 'note';

/** The first stage that ends the boot; null when none does. */
export const stopsAt = (findings: readonly Finding[]): BootStage | null =>
  BOOT_STAGES.find((stage) => findings.some((one) => one.stage === stage && one.grade === 'stop')) ?? null;
