import type { MdUuid } from '../md/md-uuid.ts';
import type { Report } from '../report/report-file.ts';
import type { ArrayStatus } from './array-status.ts';
import type { ListChange } from './list-changes.ts';

/** What the last image got, against what would be made now. `unknown`: why, half a sentence. */
export type ImageStatus =
  | { readonly kind: 'compared'; readonly changes: readonly ListChange[] }
  /** Root stands on no array: no image needs a list. */
  | { readonly kind: 'not-needed' }
  | { readonly kind: 'never-made' }
  | { readonly kind: 'unknown'; readonly why: string };

/** What the next boot will know of who was last in sync. */
export type LedgerStatus =
  | { readonly kind: 'recorded'; readonly atMs: number; readonly isCurrent: boolean }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly why: string };

/** The boot that this system came up with. */
export type LastBoot =
  | { readonly kind: 'reported'; readonly report: Report }
  /** The engine had nothing to do: every array that root needs was complete. */
  | { readonly kind: 'nothing-to-do' }
  /** The engine failed, and the distribution's own way of starting arrays took over. */
  | { readonly kind: 'gave-way'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** All that `status` shows. Texts come from disks and files: escape them. */
export interface MachineStatus {
  readonly nowMs: number;
  readonly arrays: readonly ArrayStatus[];
  readonly lastBoot: LastBoot;
  readonly image: ImageStatus;
  /** What a person types to build the image anew. */
  readonly rebuild: string;
  readonly ledger: LedgerStatus;
  /** Kernel names of members that may not be read by whoever asks. */
  readonly unreadable: readonly string[];
}

/** What is wrong, the worst first. */
export type Problem =
  | { readonly kind: 'array'; readonly array: ArrayStatus }
  | { readonly kind: 'old-image'; readonly changes: readonly ListChange[] }
  | { readonly kind: 'no-image-list' }
  | { readonly kind: 'old-ledger' };

export function problemsOf({ arrays, image, ledger }: MachineStatus): readonly Problem[] {
  const wrong = arrays.filter(isWrong).sort((a, b) => rank(a) - rank(b));
  return [
    ...wrong.map((array): Problem => ({ kind: 'array', array })),
    ...(image.kind === 'compared' && image.changes.length > 0
      ? [{ kind: 'old-image', changes: image.changes } as const]
      : []),
    ...(image.kind === 'never-made' ? [{ kind: 'no-image-list' } as const] : []),
    ...(ledger.kind === 'recorded' && !ledger.isCurrent ? [{ kind: 'old-ledger' } as const] : []),
  ];
}

/** An array of another machine that does not run is no fault of this one. */
const isWrong = ({ condition, held, isOurs }: ArrayStatus): boolean =>
  held.length > 0 || (condition === 'down' ? isOurs : condition !== 'complete');

const ORDER: readonly ArrayStatus['condition'][] = ['failed', 'down', 'degraded', 'rebuilding', 'complete'];

const rank = ({ condition, held }: ArrayStatus): number =>
  ORDER.indexOf(condition) * 2 - (held.length > 0 && condition !== 'failed' ? 1 : 0);

/**
 * As `mdadm --detail --test`: 0 fine, 1 an array lacks a member, 2 one has too few, or does not run. Only arrays count; what a boot
 * would meet is the business of `verify`.
 */
export function exitStatus(arrays: readonly ArrayStatus[]): 0 | 1 | 2 {
  const counted = arrays.filter(({ condition, isOurs }) => condition !== 'down' || isOurs);
  if (counted.some(({ condition }) => condition === 'failed' || condition === 'down')) return 2;
  return counted.some(({ condition }) => condition !== 'complete') ? 1 : 0;
}

/** The arrays that a person means by a name, a UUID or a device; empty where there is none. */
export function arraysCalled(text: string, arrays: readonly ArrayStatus[]): readonly ArrayStatus[] {
  const plain = text.replace(/^\/dev\/(?:md\/)?/, '');
  return arrays.filter(
    ({ uuid, device, name }) => device === plain || uuid === text || name === plain || name === text,
  );
}

/** Arrays that this boot started degraded. */
export const startedDegradedIn = ({ timeline }: Report): ReadonlySet<MdUuid> =>
  new Set(
    timeline.flatMap((entry) =>
      (entry.kind === 'array-started' || entry.kind === 'array-degraded') && entry.degraded
        ? [entry.array]
        : [],
    ),
  );
