// node test/boot/real-kernel/ledger.ts [--suite trixie]
// What the boot engine records of a real array under user-mode Linux: whole, a member failed (told by mdadm --monitor), being
// rebuilt, whole again, and with variables that cannot be written. A small ext4 stands for the mainboard's memory: files there can be
// made immutable, as the kernel does it with variables that it does not know.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { VARIABLE_NAME } from '../../../src/app/ledger/efi-variable.ts';
import type { Ledger } from '../../../src/core/ledger/ledger.ts';
import { parseLedgerFile } from '../../../src/core/ledger/ledger-file.ts';
import { parseLedgerText } from '../../../src/core/ledger/ledger-text.ts';
import type { Result } from '../../../src/core/result/result.ts';
import { runUnderUml } from '../guest/uml.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const { values: options } = parseArgs({ options: { suite: { type: 'string', default: 'trixie' } } });

const script = `. /run/job/prepare >/dev/null 2>&1
exec 2>out/log; set -x
mkdir -p /usr/lib/reliable-raid /var/lib/reliable-raid
cp /run/job/reliable-raid-boot /usr/lib/reliable-raid/boot-engine
cp /run/job/ledger-event /usr/lib/reliable-raid/
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
MDADM_NO_UDEV=1 mdadm --monitor --scan --config=none --no-sharing --program=/usr/lib/reliable-raid/ledger-event &
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
mdadm --version >out/version 2>&1
`;

const { code, stderr, files } = await runUnderUml({
  suite: options.suite,
  disks: Array.from({ length: 5 }, () => ({ size: '48M' })),
  input: [join(project, 'dist/reliable-raid')],
  files: {
    'reliable-raid-boot': readFileSync(join(project, 'dist/reliable-raid-boot')),
    'ledger-event': readFileSync(join(project, 'systemd/ledger-event')),
    fstab: '/dev/md0 / ext4 defaults 0 1\n/dev/md1 /usr ext4 x-initrd.mount 0 1\n',
  },
  timeoutSeconds: 240,
  script,
});

let failed = 0;
let passed = 0;

function expect(what: string, found: string, wanted: RegExp | string): void {
  const good = typeof wanted === 'string' ? found === wanted : wanted.test(found);
  if (good) passed += 1;
  else failed += 1;
  process.stdout.write(`${good ? 'ok' : 'not ok'} - ledger: ${what}\n`);
  if (!good) process.stdout.write(`  found  ${found.trim()}\n  wanted ${wanted}\n`);
}

/** Roles in sync of both arrays. */
function roles(read: Result<Ledger>): string {
  if (!read.ok) return `${read.at}: ${read.why}`;
  return read.value.entries.map(({ inSync }) => inSync.map(({ role }) => role).join()).join(' ');
}

const variable = (moment: string) => roles(parseLedgerText(files[`${moment}.variable`] ?? '', 'variable'));
const file = (moment: string) => roles(parseLedgerFile(files[`${moment}.json`] ?? '', 'file'));
const said = (moment: string) => `${files[`${moment}.status`]?.trim()}: ${files[`${moment}.warned`]?.trim()}`;

if (code !== 0) process.stdout.write(`the script ended with ${code}\n${stderr}\n${files['log'] ?? ''}\n`);
expect('both arrays whole (1.2, 0.90)', variable('whole'), '0,1 0,1');
expect('nothing to complain of', said('whole'), '0: ');
expect('the file says the same', file('whole'), '0,1 0,1');
expect('a member failed: mdadm --monitor had it recorded', variable('failed'), '0 0,1');
expect('the file as well', file('failed'), '0 0,1');
expect('a member being rebuilt is not in sync', variable('rebuilding'), '0 0,1');
expect(
  'and nothing is written again for it',
  files['rebuilding.said'] ?? '',
  /EFI variable: already up to date/,
);
expect('rebuilt: mdadm --monitor had it recorded', variable('rebuilt'), '0,1 0,1');
expect(
  'variables that are read-only: one line, no failure',
  said('read-only'),
  /^0: .*EFI variable: could not be written: .*read-only file system$/,
);
expect('the file has it all the same', file('read-only'), '1 1');
expect('writable again: caught up', variable('writable'), '1 1');
if (failed > 0) process.stdout.write(`${files['log'] ?? ''}\n${files['rebuilding.mdstat'] ?? ''}\n`);
process.stdout.write(`# ${files['version']?.trim()}\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
