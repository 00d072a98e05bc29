// What a machine was doing when its power went, and what must be whole on the next boot.
import { systemStarts } from '../scenarios/words.ts';

export interface PowerLossCase {
  readonly name: string;
  readonly title: string;
  readonly stage: 'stock' | 'product';
  readonly absent?: readonly string[];
  /** When the power goes: a random moment from what is seen on the console, or from when the command begins. */
  readonly moment:
    | { readonly command: string; readonly withinMs: number }
    | { readonly seen: RegExp; readonly plug?: string; readonly withinMs: number };
  /** The next boot takes the image that is on the disks then, as a boot loader would. */
  readonly imageChanges: boolean;
  /** Each must succeed in the system that came up. */
  readonly after: readonly string[];
}

/** Where the host's folder with the package is, in the guest. */
export const PACKAGE_PLACE = '/mnt/package.deb';

/** Guests leave documentation out. */
const WHOLE_PACKAGE = ['dpkg --verify reliable-raid | { ! grep -v " /usr/share/\\(doc\\|man\\)"; }'];
const LEDGER_READS = 'reliable-raid ledger --dry-run';

export const powerLossCases: readonly PowerLossCase[] = [
  {
    name: 'install',
    title: 'while the package is installed',
    stage: 'stock',
    moment: { command: `dpkg --install ${PACKAGE_PLACE}`, withinMs: 60_000 },
    imageChanges: true,
    after: ['dpkg --configure -a', `dpkg --install ${PACKAGE_PLACE}`, ...WHOLE_PACKAGE, LEDGER_READS],
  },
  {
    name: 'image',
    title: 'while update-initramfs writes the image',
    stage: 'product',
    moment: { command: 'update-initramfs -u', withinMs: 50_000 },
    imageChanges: true,
    after: [
      ...WHOLE_PACKAGE,
      'lsinitramfs "/boot/initrd.img-$(ls /lib/modules)" | grep -q reliable-raid/arrays',
      LEDGER_READS,
    ],
  },
  {
    name: 'ledger',
    title: 'while the ledger is written, over and over',
    stage: 'product',
    moment: {
      command:
        'while :; do rm -f /var/lib/reliable-raid/ledger.json; reliable-raid ledger >/dev/null || exit 1; done',
      withinMs: 8_000,
    },
    imageChanges: false,
    after: [LEDGER_READS, 'reliable-raid ledger'],
  },
  {
    name: 'degraded-start',
    title: 'while the array is started degraded',
    stage: 'product',
    absent: ['disk2'],
    moment: { seen: /starting array .* degraded/, withinMs: 3_000 },
    imageChanges: false,
    after: [LEDGER_READS],
  },
  {
    name: 're-add',
    title: 'while a disk that came back is re-added and rebuilt',
    stage: 'product',
    absent: ['disk2'],
    moment: { seen: systemStarts, plug: 'disk2', withinMs: 8_000 },
    imageChanges: false,
    after: [
      LEDGER_READS,
      'until [ "$(cat /sys/block/md*/md/sync_action)" = idle ]; do sleep 0.2; done',
      'echo check >/sys/block/md0/md/sync_action; until [ "$(cat /sys/block/md0/md/sync_action)" = idle ]; do sleep 0.2; done',
      'test "$(cat /sys/block/md0/md/degraded) $(cat /sys/block/md0/md/mismatch_cnt)" = "0 0"',
    ],
  },
];
