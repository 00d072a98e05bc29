import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatLedgerFile, type KeptEntry } from '../../src/core/ledger/ledger-file.ts';
import { formatLedgerText } from '../../src/core/ledger/ledger-text.ts';
import { formatWatchlist } from '../../src/core/watchlist/watchlist-file.ts';
import { recordings } from '../support/recorded-superblocks.ts';
import { SAMPLE_REPORT_1, SAMPLE_REPORT_TEXT } from '../support/sample-report.ts';
import { sampleWatchlist } from './sample-watchlist.ts';

/** Real inputs to begin with, by kind; as JSON it goes to a runtime without files. */
export interface Corpus {
  readonly superblocks: readonly {
    readonly metadata: string;
    readonly deviceBytes: number;
    /** Two hex digits a byte, zeros at the end left out. */
    readonly hex: string;
  }[];
  readonly texts: Readonly<Record<string, readonly string[]>>;
}

const RECORDED = join(import.meta.dirname, '../fixtures/recorded');
const MACHINES = /-mdadm-/;

/** As findmnt prints an fstab, and what is mounted. */
const FINDMNT = [
  {
    filesystems: [
      { source: 'LABEL=Donnée', target: '/a b/', fstype: 'ext4', options: 'ro,bind' },
      { source: '/dev/md0', target: 'none', fstype: 'swap', options: null },
    ],
  },
  {
    filesystems: [
      { 'maj:min': '9:0', fsroot: '/', target: '/', fstype: 'ext4', source: '/dev/md0' },
      { 'maj:min': '0:30', fsroot: '/@', target: '/usr', fstype: 'btrfs', source: '/dev/sda2' },
    ],
  },
].map((output) => JSON.stringify(output, null, 3));

/** What is recorded under test/fixtures, and a few texts that no recording has. */
export function readCorpus(): Corpus {
  const machines = readdirSync(RECORDED)
    .filter((name) => MACHINES.test(name))
    .flatMap((suite) => readdirSync(join(RECORDED, suite)).map((name) => join(RECORDED, suite, name)));
  const files = (pattern: RegExp): string[] =>
    machines.flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => pattern.test(name))
        .map((name) => readFileSync(join(folder, name), 'utf8')),
    );
  const udev = (name: string): string => readFileSync(join(RECORDED, 'udev-trixie', name), 'utf8');
  return {
    superblocks: recordings().flatMap(({ members }) =>
      members.map(({ metadata, deviceBytes, bytes }) => ({
        metadata,
        deviceBytes,
        hex: Buffer.from(bytes)
          .toString('hex')
          .replace(/(00)+$/, ''),
      })),
    ),
    texts: {
      fstab: files(/^fstab$/),
      mdadmDetail: files(/^mdadm-.*\.txt$/),
      lsblk: files(/^lsblk\.json$/),
      blkid: files(/^blkid\.txt$/),
      pvs: files(/^pvs\.txt$/),
      findmnt: FINDMNT,
      dmsetup: files(/^dmsetup\.txt$/),
      udevRecord: [udev('array.txt'), udev('member.txt')],
      udevMonitor: [udev('monitor.txt')],
      watchlist: [formatWatchlist(sampleWatchlist(1)), formatWatchlist(sampleWatchlist(2))],
      report: [SAMPLE_REPORT_TEXT, SAMPLE_REPORT_1],
      ledgerText: [formatLedgerText({ entries: LEDGER }, 65_536).text],
      ledgerFile: [formatLedgerFile({ entries: LEDGER })],
      mdadmExamine: containers(),
      cmdline: CMDLINES,
      arguments: ['root --copy 2,1 --watchlist=/etc/list.json --dry-run', 'start -- --root md0 -'],
      crypttab: CRYPTTABS,
      mountinfo: MOUNTINFOS,
      swaps: [
        'Filename Type Size Used Priority\n/dev/dm-2 partition 999420 0 -2\n/swap\\040file file 8388604 12 -3\n',
      ],
      mdadmConf: MDADM_CONFS,
      mdadmMap: [
        'md127 1.2 cb714f73:0c0a800c:04030201:08070605 /dev/md/root\nmd0 0.90 3d2c1b0a:0:0:1 /dev/md0\n',
      ],
      toml: TOMLS,
    },
  };
}

const LEDGER: readonly KeptEntry[] = sampleWatchlist(3).arrays.map(({ uuid, members, name }) => ({
  arrayUuid: uuid,
  device: name,
  foreign: false,
  recordedAtMs: 1_760_000_000_000,
  events: 1234,
  updateTimeMs: 1_759_999_000_000,
  inSync: members.map((_, role) => ({ deviceUuid: `${uuid}/${role}`, role })),
  seen: [
    {
      ...{ deviceUuid: '01234567:89abcdef:01234567:89abcdef', lastSeenMs: 1_750_000_000_000, events: 12 },
      ...{ role: 0, disk: { byId: 'ata-DISK', model: 'DISK', serial: null, sizeBytes: 1e9 } },
    },
  ],
}));

/** Both outputs of a disk, one behind the other. */
function containers(): string[] {
  return readdirSync(RECORDED)
    .filter((name) => name.startsWith('containers-'))
    .flatMap((suite) => {
      const read = (name: string): string => readFileSync(join(RECORDED, suite, name), 'utf8');
      return readdirSync(join(RECORDED, suite))
        .filter((name) => name.endsWith('.txt'))
        .map((name) => `${read(name)}${read(name.replace(/txt$/, 'brief'))}`);
    });
}

const CMDLINES = [
  'BOOT_IMAGE=/boot/vmlinuz root=UUID=0b1c-22 ro quiet splash rd.md.uuid=3d2c1b0a:00000000:00000000:00000001 panic=30\n',
  'root=/dev/vg/root reliable_raid.wait=60 rd.reliable_raid.degraded=ask reliable-raid.stale=start bootdegraded=true\n',
  'root="LABEL=my root" reliable_raid=off reliable_raid.shell=deny rd.shell=0 rd.md=0 rootdelay=9\n',
];
const CRYPTTABS = [
  '# <target> <source> <key> <options>\nroot_crypt UUID=0b1c none luks,discard,initramfs\nswap /dev/md1 /dev/urandom swap\n',
];
const MOUNTINFOS = [
  '24 1 253:0 / / rw,relatime shared:1 - ext4 /dev/mapper/vg-root rw\n31 24 0:27 /@home /home\\040x rw - btrfs /dev/md0 rw\n',
];
const MDADM_CONFS = [
  '# mdadm.conf\nHOMEHOST <system>\nARRAY /dev/md/0 metadata=1.2 UUID=3d2c1b0a:0:0:1 name=host:0\nARRAY <ignore> UUID=734f71cb:0c800a0c:01020304:05060708\n devices=/dev/sda\n',
];
const TOMLS = [
  'wait = 30\nstale = "ask"\nshell = "deny"\nstrict = true\n[array."734f71cb:0c800a0c:01020304:05060708"]\nwait = 5\ndegraded = "never"\n',
];
