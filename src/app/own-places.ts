import type { MachinePaths } from './machine.ts';

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
