import type { Files } from '../ports/files.ts';
import { type Machine, type MachinePaths, REAL_PATHS } from './machine.ts';
import { messageOf } from './why-it-failed.ts';

/** Becomes the rescue shell on the console that it is given. */
export const SHELL_SCRIPT = '/usr/lib/reliable-raid/shell';

/** There while a shell of dracut's has the console (emergency_shell in dracut-lib.sh). */
export const SHELL_LOCK = '/.console_lock';

/** The configuration, on the running system. */
export const etcFolder = ({ etc }: Pick<MachinePaths, 'etc'>): string => `${etc}/reliable-raid`;

/**
 * What the boot image has of its configuration: the watchlist, its arrays as plain lines, which nothing else has, the policies that the gate
 * obeys, and a mark where something is needed before root that could not be followed.
 */
export const etcPath = (
  { etc }: Pick<MachinePaths, 'etc'>,
  name: 'arrays' | 'needs-unlisted' | 'policies' | 'watchlist.json',
) => `${etc}/reliable-raid/${name}`;

/** On the running system, where nothing else is that early: what is mounted from arrays (mounted-arrays.ts). Not there where nobody needs to know. */
export const mountedPath = ({ etc }: Pick<MachinePaths, 'etc'>): string => `${etc}/reliable-raid/mounted`;

export const WATCHLIST_PATH = etcPath(REAL_PATHS, 'watchlist.json');

/** The arrays of the boot image as plain lines; null where we do not run in a boot image. */
export const readArrayList = ({ files, paths }: Pick<Machine, 'files' | 'paths'>): Promise<string | null> =>
  files.readText(etcPath(paths, 'arrays'));

/** We run in the boot image. */
export const isImage = async (machine: Pick<Machine, 'files' | 'paths'>): Promise<boolean> =>
  (await readArrayList(machine)) !== null;

/**
 * What lasts no longer than this boot. Reports: `boot.json`, `start.json` and `arrays.json`; `booted.json` is the list of the image that this boot
 * came from, and `policies` what the gate obeys. Marks: `alive` (of the engine, for its watchdog),
 * `discovery` (when devices began to be discovered), `efivars` (we mounted them), `fallback` (the distribution's own way was
 * taken), `mdadm.conf` (for members that the machine's own shuts out), `md-failures` (each failure that mdadm told of), `notify-due` (there may be news for people:
 * reliable-raid-notify.path waits for it), in `held` a file for each device that the gate holds, in `image-listings` what is in each boot image, in `locks` one for each array that a program is at work on, `unwritten` (a record waits
 * for the first write to an array: reliable-raid-unwritten.path waits for it), and in `decided` one for each md device that mdadm's last resort shall leave alone.
 */
type RunName =
  | 'alive'
  | 'arrays.json'
  | 'boot.json'
  | 'booted.json'
  | 'decided'
  | 'discovery'
  | 'efivars'
  | 'fallback'
  | 'held'
  | 'image-listings'
  | 'locks'
  | 'md-failures'
  | 'mdadm.conf'
  | 'notify-due'
  | 'policies'
  | 'start.json'
  | 'told.json'
  | 'told-lasts'
  | 'unwritten';

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

/** What was told and done about images that are older than the machine. */
export const imageStatePath = ({ stateFolder }: LedgerPlaces): string => `${stateFolder}/images.json`;

/** What people were told, for the next look; outlasts a boot. */
export const toldPath = ({ stateFolder }: LedgerPlaces): string => `${stateFolder}/told.json`;

/** There while something that was told lasts or waits to be sent: reliable-raid-notify.timer runs then only. */
export const toldLastsPath = ({ stateFolder }: LedgerPlaces): string => `${stateFolder}/told-lasts`;

/** What became of the last boots, a file each; `00000001.json` is the first. */
export const keptBootsFolder = ({ stateFolder }: LedgerPlaces): string => `${stateFolder}/boots`;

/** What a login shows while something is wrong (pam_motd(8)). */
export const motdPath = ({ run }: Pick<MachinePaths, 'run'>): string => `${run}/motd.d/60-reliable-raid`;

/** There may be news for people. Where that cannot be noted, the next event or the next boot brings a look. */
export async function markNews({ files, paths }: Pick<Machine, 'files' | 'paths'>): Promise<void> {
  await writeInFolder(files, runPath(paths, 'notify-due'), '');
}

/** Makes the folder first. Why it could not be written, or null. */
export async function writeInFolder(files: Files, path: string, text: string): Promise<string | null> {
  try {
    await files.makeFolder(path.slice(0, path.lastIndexOf('/')));
    await files.writeDurably(path, text);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}
