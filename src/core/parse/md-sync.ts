/** What md copies or compares in the background (Documentation/admin-guide/md.rst: sync_action, sync_completed, sync_speed). */
export interface SyncProgress {
  readonly action: 'resync' | 'recover' | 'reshape' | 'check' | 'repair';
  /** Sectors of each member that are done, and in all; null where it waits for another array that uses the same disks. */
  readonly done: { readonly sectors: number; readonly ofSectors: number } | null;
  /** Of each member; 0 where md does not say. */
  readonly kibPerS: number;
}

const ACTIONS = ['resync', 'recover', 'reshape', 'check', 'repair'] as const;

/** From the three files' text, null for one that could not be read; null where md has nothing to do. */
export function parseSync(
  action: string | null,
  completed: string | null,
  speed: string | null,
): SyncProgress | null {
  const found = ACTIONS.find((word) => word === action?.trim());
  if (found === undefined) return null;
  const [, sectors = '', ofSectors = ''] = /^(\d{1,15}) \/ (\d{1,15})$/.exec(completed?.trim() ?? '') ?? [];
  const kibPerS = /^\d{1,12}$/.exec(speed?.trim() ?? '')?.[0];
  return {
    action: found,
    done:
      Number(ofSectors) > 0
        ? { sectors: Math.min(Number(sectors), Number(ofSectors)), ofSectors: Number(ofSectors) }
        : null,
    kibPerS: Number(kibPerS ?? 0),
  };
}

/** Whole percent that are done; 100 only at the end. */
export const syncPercent = ({ done }: SyncProgress): number =>
  done === null ? 0 : Math.floor((done.sectors / done.ofSectors) * 100);

/** Milliseconds until it ends at the speed of now; null where nobody can tell. */
export const syncLeftMs = ({ done, kibPerS }: SyncProgress): number | null =>
  done === null || kibPerS === 0 ? null : Math.round(((done.ofSectors - done.sectors) / 2 / kibPerS) * 1000);
