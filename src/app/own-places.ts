import type { Files } from '../ports/files.ts';
import { type Machine, type MachinePaths, REAL_PATHS } from './machine.ts';

/** Becomes the rescue shell on the console that it is given. */
export const SHELL_SCRIPT = '/usr/lib/reliable-raid/shell';

/** The configuration, on the running system; in the boot image what was made of it. */
export const etcFolder = ({ etc }: Pick<MachinePaths, 'etc'>): string => `${etc}/reliable-raid`;

export const watchlistPath = (paths: Pick<MachinePaths, 'etc'>): string =>
  `${etcFolder(paths)}/watchlist.json`;

export const WATCHLIST_PATH = watchlistPath(REAL_PATHS);

/** The arrays of the watchlist as plain lines. Only a boot image has this file. */
export const arrayListPath = (paths: Pick<MachinePaths, 'etc'>): string => `${etcFolder(paths)}/arrays`;

/** The plain lines of the boot image's arrays; null where we do not run in a boot image. */
export const readArrayList = ({ files, paths }: Pick<Machine, 'files' | 'paths'>): Promise<string | null> =>
  files.readText(arrayListPath(paths));

/** We run in the boot image. */
export const isImage = async (machine: Pick<Machine, 'files' | 'paths'>): Promise<boolean> =>
  (await readArrayList(machine)) !== null;

/**
 * What lasts no longer than this boot. Reports: `boot.json` and `start.json`. Marks: `alive` (of the engine, for its watchdog),
 * `discovery` (when devices began to be discovered), `efivars` (we mounted them), `fallback` (the distribution's own way was
 * taken), and in `held` a file for each device that the gate holds.
 */
type RunName = 'alive' | 'boot.json' | 'discovery' | 'efivars' | 'fallback' | 'held' | 'start.json';

export const runPath = ({ run }: Pick<MachinePaths, 'run'>, name: RunName): string =>
  `${run}/reliable-raid/${name}`;

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

/** The copy beside the boot loader. */
export const bootLedgerPath = (bootFolder: string): string => `${bootFolder}/reliable-raid/ledger`;

/** The watchlist as the last image got it, for the running system, where none is in /etc. */
export const keptWatchlistPath = ({ stateFolder }: LedgerPlaces): string => `${stateFolder}/watchlist.json`;

/** Makes the folder first. Why it could not be written, or null. */
export async function writeInFolder(files: Files, path: string, text: string): Promise<string | null> {
  try {
    await files.makeFolder(path.slice(0, path.lastIndexOf('/')));
    await files.writeDurably(path, text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
