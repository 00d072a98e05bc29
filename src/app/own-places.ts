import type { Machine, MachinePaths } from './machine.ts';
import { whyItFailed } from './why-it-failed.ts';

export const WATCHLIST_PATH = '/etc/reliable-raid/watchlist.json';

/** Where the ledger lies beside the EFI variables; other places only in tests. */
export interface LedgerPlaces {
  readonly stateFolder: string;
  /** Where an ESP or /boot may be mounted: the first that is gets a copy. */
  readonly bootFolders: readonly string[];
}

export const ledgerPlaces = ({ varLib }: Pick<MachinePaths, 'varLib'>): LedgerPlaces => ({
  stateFolder: `${varLib}/reliable-raid`,
  bootFolders: ['/boot/efi', '/efi', '/boot'],
});

export const ledgerFilePath = ({ stateFolder }: LedgerPlaces): string => `${stateFolder}/ledger.json`;

/** The watchlist as the last image got it, for the running system, where none is in /etc. */
export const keptWatchlistPath = ({ stateFolder }: LedgerPlaces): string => `${stateFolder}/watchlist.json`;

/** Why it could not be written, or null. */
export async function writeInFolder(
  { files, runner }: Pick<Machine, 'files' | 'runner'>,
  folder: string,
  path: string,
  text: string,
): Promise<string | null> {
  if (!(await files.exists(folder))) {
    const made = await runner.run(['mkdir', '-p', '--', folder]);
    if (made.status !== 0) return `mkdir ${whyItFailed(made)}`;
  }
  try {
    await files.writeDurably(path, text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
