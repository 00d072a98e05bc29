// node test/boot/real-kernel/ledger.ts [--only TEXT] [--suite trixie]
// What the boot engine records of a real array under user-mode Linux: whole, a member failed (told by mdadm --monitor), being
// rebuilt, whole again, and with variables that cannot be written. A small ext4 stands for the mainboard's memory: files there can be
// made immutable, as the kernel does it with variables that it does not know.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VARIABLE_NAME } from '../../../src/app/ledger/efi-variable.ts';
import type { Ledger } from '../../../src/core/ledger/ledger.ts';
import { parseLedgerFile } from '../../../src/core/ledger/ledger-file.ts';
import { parseLedgerText } from '../../../src/core/ledger/ledger-text.ts';
import { parseKeptBoot } from '../../../src/core/report/kept-boot.ts';
import type { Result } from '../../../src/core/result/result.ts';
import { runUnderUml } from '../guest/uml.ts';
import { caseOptions, runCases } from './run-cases.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const options = caseOptions();

const script = `. /run/job/prepare >/dev/null 2>&1
exec 2>out/log; set -x
mkdir -p /usr/lib/reliable-raid /var/lib/reliable-raid
cp /run/job/reliable-raid-boot /usr/lib/reliable-raid/boot-engine
cp /run/job/md-event /usr/lib/reliable-raid/
mount -t tmpfs firmware /sys/firmware
mkdir -p /sys/firmware/efi/efivars
mke2fs -q -t ext4 -O ^has_journal /dev/ubdf; mount /dev/ubdf /sys/firmware/efi/efivars
variable=/sys/firmware/efi/efivars/${VARIABLE_NAME}
array() { yes | mdadm --create /dev/$1 --run --bitmap=none --level=1 --raid-devices=2 --metadata=$2 $3 $4; udevadm settle; mdadm --wait /dev/$1; }
array md0 1.2 /dev/ubdb /dev/ubdc
array md1 0.90 /dev/ubdd /dev/ubde
mkfs.ext4 -q -F /dev/md0; mkdir -p /mnt/a; mount /dev/md0 /mnt/a
mkfs.ext4 -q -F /dev/md1; mkdir -p /mnt/b; mount /dev/md1 /mnt/b
echo one >/mnt/a/one; echo one >/mnt/b/one; sync; sleep 1
udevadm settle
/run/job/input/reliable-raid resolve --json --fstab /run/job/fstab >/var/lib/reliable-raid/watchlist.json
record() { /usr/lib/reliable-raid/boot-engine ledger >out/$1.said 2>out/$1.warned; echo $? >out/$1.status; keep $1; }
keep() { tail -c +5 $variable >out/$1.variable; cp /var/lib/reliable-raid/ledger.json out/$1.json; cat /proc/mdstat >out/$1.mdstat; }
# changed_within SECONDS: until the variable is another one
changed_within() { set +x; tries=0; while cmp -s $variable /tmp/before && [ $tries -lt $(($1 * 5)) ]; do sleep 0.2; tries=$((tries + 1)); done; set -x; }
record whole
chattr +i $variable
cp $variable /tmp/before
MDADM_NO_UDEV=1 mdadm --monitor --scan --config=none --no-sharing --program=/usr/lib/reliable-raid/md-event &
monitor=$!
sleep 3
mdadm /dev/md0 --fail /dev/ubdc
changed_within 20
keep failed
chattr +i $variable
cp $variable /tmp/before
echo 1 >/sys/block/md0/md/sync_speed_min; echo 2 >/sys/block/md0/md/sync_speed_max
mdadm /dev/md0 --remove /dev/ubdc
mdadm /dev/md0 --add /dev/ubdc
sleep 2
record rebuilding
echo 900000 >/sys/block/md0/md/sync_speed_max; echo 900000 >/sys/block/md0/md/sync_speed_min
changed_within 30
keep rebuilt
mdadm /dev/md1 --fail /dev/ubdd
sleep 1
kill $monitor
mount -o remount,ro /sys/firmware/efi/efivars
mdadm /dev/md0 --fail /dev/ubdb
sleep 1
record read-only
mount -o remount,rw /sys/firmware/efi/efivars
record writable
cat /var/lib/reliable-raid/boots/* >out/boots.json
mdadm --version >out/version 2>&1
`;

const runGuest = () =>
  runUnderUml({
    suite: options.suite,
    disks: Array.from({ length: 5 }, () => ({ size: '48M' })),
    input: [join(project, 'dist/reliable-raid')],
    files: {
      'reliable-raid-boot': readFileSync(join(project, 'dist/reliable-raid-boot')),
      'md-event': readFileSync(join(project, 'systemd/md-event')),
      fstab: '/dev/md0 / ext4 defaults 0 1\n/dev/md1 /usr ext4 x-initrd.mount 0 1\n',
    },
    timeoutSeconds: 240,
    script,
  });

type Files = Awaited<ReturnType<typeof runGuest>>['files'];

interface LedgerCase {
  readonly name: string;
  readonly found: (files: Files) => string;
  readonly wanted: RegExp | string;
}

/** Roles in sync of both arrays. */
function roles(read: Result<Ledger>): string {
  if (!read.ok) return `${read.at}: ${read.why}`;
  return read.value.entries.map(({ inSync }) => inSync.map(({ role }) => role).join()).join(' ');
}

const variable = (files: Files, moment: string) =>
  roles(parseLedgerText(files[`${moment}.variable`] ?? '', 'variable'));
const file = (files: Files, moment: string) => roles(parseLedgerFile(files[`${moment}.json`] ?? '', 'file'));
const said = (files: Files, moment: string) =>
  `${files[`${moment}.status`]?.trim()}: ${files[`${moment}.warned`]?.trim()}`;

const cases: readonly LedgerCase[] = [
  { name: 'both arrays whole (1.2, 0.90)', found: (files) => variable(files, 'whole'), wanted: '0,1 0,1' },
  { name: 'nothing to complain of', found: (files) => said(files, 'whole'), wanted: '0: ' },
  { name: 'the file says the same', found: (files) => file(files, 'whole'), wanted: '0,1 0,1' },
  {
    name: 'a member failed: mdadm --monitor had it recorded',
    found: (files) => variable(files, 'failed'),
    wanted: '0 0,1',
  },
  { name: 'the file as well', found: (files) => file(files, 'failed'), wanted: '0 0,1' },
  {
    name: 'a member being rebuilt is not in sync',
    found: (files) => variable(files, 'rebuilding'),
    wanted: '0 0,1',
  },
  {
    name: 'and nothing is written again for it',
    found: (files) => files['rebuilding.said'] ?? '',
    wanted: /EFI variable: already up to date/,
  },
  {
    name: 'rebuilt: mdadm --monitor had it recorded',
    found: (files) => variable(files, 'rebuilt'),
    wanted: '0,1 0,1',
  },
  {
    name: 'variables that are read-only: one line, no failure',
    found: (files) => said(files, 'read-only'),
    wanted: /^0: .*EFI variable: could not be written: .*read-only file system$/,
  },
  { name: 'the file has it all the same', found: (files) => file(files, 'read-only'), wanted: '1 1' },
  { name: 'writable again: caught up', found: (files) => variable(files, 'writable'), wanted: '1 1' },
  {
    name: 'this boot is kept, once, for later reports',
    found: (files) => {
      const kept = parseKeptBoot(files['boots.json'] ?? '', 'boots');
      return kept.ok ? `whole: ${kept.value.isWhole}` : `${kept.at}: ${kept.why}`;
    },
    wanted: 'whole: true',
  },
];

/** One guest for all cases, from the first that asks. */
let guest: ReturnType<typeof runGuest> | null = null;

await runCases(options, { subject: 'ledger:', cases, judge });

async function judge({ found, wanted }: LedgerCase): Promise<string | null> {
  const isFirst = guest === null;
  guest ??= runGuest();
  const { code, stderr, files } = await guest;
  if (isFirst) process.stdout.write(`# ${files['version']?.trim()}\n`);
  const seen = found(files);
  if (typeof wanted === 'string' ? seen === wanted : wanted.test(seen)) return null;
  const setUp = code === 0 ? '' : `the script ended with ${code}\n${stderr}\n`;
  return `  found  ${seen.trim()}\n  wanted ${wanted}\n${setUp}${files['log'] ?? ''}\n${files['rebuilding.mdstat'] ?? ''}\n`;
}
