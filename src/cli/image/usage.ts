import { WATCHLIST_PATH } from '../../app/own-places.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { STAGES } from '../options/boot-request.ts';

const EXIT_USAGE = 2;

export const HELP = `Usage: reliable-raid COMMAND

boots a machine whose root stands on md RAID when a disk is missing, late or returned
(the boot engine of the image: the full program is on the installed system)

  boot --stage STAGE        one of ${STAGES.join(', ')}
       [--limit-ms MS]      when the image generator gives up, since the kernel started
       [--watchlist FILE]   the watchlist to obey (${WATCHLIST_PATH})
  start [ARRAY...]          show the listed arrays and start, degraded if it must be, those that can be started;
                            an ARRAY is a name, a UUID or a device
        [--dry-run]         print the exact mdadm commands and run none
        [--copy NUMBERS]    answer the questions that come up, in their order: the number of a choice
        [--watchlist FILE]
  gate DEVICE             whether udev may hand this md member to mdadm now: pass, hold or readd
       [--export]           as udev properties
       [--metadata VERSION] where its superblock is, by udev (ID_FS_VERSION)
  ledger                    record which members of each array are in sync, for the next boot
        [--dry-run]         show what is known in each place, and write nothing
        [--json]            as JSON
  --version, --help`;

export function misused(what: string, output: { readonly err: (text: string) => void }): number {
  output.err(`reliable-raid: ${escapeForConsole(what, 200)}`);
  output.err('(reliable-raid --help lists the commands)');
  return EXIT_USAGE;
}
