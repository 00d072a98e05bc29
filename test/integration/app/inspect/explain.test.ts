// `explain` over what real machines said (test/boot/real-kernel/run.ts --record).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type ExplainRequest, explain } from '../../../../src/app/inspect/explain.ts';
import { resolve } from '../../../../src/app/watchlist/resolve.ts';
import { showExplanation } from '../../../../src/cli/commands/show-explanation.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { crypttabOf, withGrub } from '../../../support/recorded-boot.ts';
import { recordedMachine, type TextFiles } from '../../../support/recorded-machine.ts';
import { recordedSysfs } from '../../../support/recorded-sysfs.ts';

const recorded = join(import.meta.dirname, '../../../fixtures/recorded');

interface Said {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

async function ask(
  folder: string,
  request: Partial<ExplainRequest & { json: boolean }> = {},
  texts: TextFiles = {},
): Promise<Said> {
  const path = join(recorded, folder);
  const files = Object.fromEntries(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  );
  const { recording, texts: sysfs, folders } = recordedSysfs(files);
  const system = {
    ...{ '/etc/fstab': files['fstab'] ?? '', '/etc/crypttab': crypttabOf(files), '/proc/cmdline': 'quiet' },
    ...sysfs,
    ...texts,
  };
  const machine = withGrub(recordedMachine(recording, system, folders));
  let out = '';
  let err = '';
  const output = {
    out: (text: string) => {
      out += `${text}\n`;
    },
    err: (line: string) => {
      err += `${line}\n`;
    },
  };
  const { without = [], each = false, json = false } = request;
  const status = showExplanation(await explain(machine, { without, each }), json ? 'json' : 'text', output);
  return { status, out, err };
}

const flat = (text: string): string => text.replace(/\s+/g, ' ');

/** By recorded machine: what else than "starts degraded after 20 s" is said of a single disk that is missing. */
const MACHINES: readonly {
  name: string;
  disks: number;
  status: number;
  odd?: Readonly<Record<string, RegExp>>;
}[] = [
  { name: 'metadata-versions', disks: 7, status: 0 },
  { name: 'lvm-on-luks', disks: 4, status: 0 },
  { name: 'lvm-kinds', disks: 6, status: 0 },
  { name: 'md-on-md-partitioned', disks: 4, status: 0 },
  { name: 'md-on-luks', disks: 4, status: 0 },
  { name: 'integrity-below-md', disks: 2, status: 0 },
  {
    name: 'btrfs-on-arrays',
    disks: 5,
    status: 1,
    odd: {
      ubdf: /root cannot be mounted: a disk below it is missing; the boot stops and ends in the rescue shell/,
    },
  },
  {
    name: 'journal-spare-faulty',
    disks: 9,
    status: 1,
    odd: {
      ubde: /array md0 \(raid5\) will not be started automatically: its write journal is missing/,
      ubdi: /array md2 \(raid1\) will not be started automatically: this copy is from .* 3 events behind one from/,
    },
  },
];

interface Report {
  readonly schema: string;
  readonly comesUp: boolean;
  readonly cases: readonly {
    readonly without: readonly { readonly device: string; readonly serial: string }[];
    readonly outcome: string;
    readonly rootAfterMs: number | null;
    readonly text: string;
    readonly arrays: readonly unknown[];
  }[];
}

for (const suite of ['bookworm-mdadm-4.2', 'trixie-mdadm-4.4'])
  for (const { name, disks, status, odd = {} } of MACHINES)
    t.test(`${suite}: ${name}: each disk`, async (t) => {
      const said = await ask(join(suite, name), { each: true });
      t.equal(said.status, status);
      t.equal(said.err, '');
      t.notMatch(said.out, /[^\n\x20-\x7e]/);
      // A command is broken nowhere.
      t.ok(said.out.split('\n').every((line) => line.length <= 79 || line.startsWith(' '.repeat(8))));
      const json = await ask(join(suite, name), { each: true, json: true });
      const report = JSON.parse(json.out) as Report;
      t.match(report, { schema: 'reliable-raid/explain/1', comesUp: status === 0 });
      const [all, ...single] = report.cases;
      t.match(all, { without: [], outcome: 'up' });
      t.ok(single.length >= disks, 'those that only carry a boot loader too');
      for (const { without, text, outcome } of single) {
        const device = without[0]?.device ?? '';
        const expected = odd[device] ?? /starts degraded (after 20 s|at once)|root comes up without waiting/;
        t.match(text, expected, device);
        t.equal(outcome === 'up', odd[device] === undefined, device);
      }
    });

t.test('an array that was degraded before is started at once, and that is said', async (t) => {
  const { out } = await ask('trixie-mdadm-4.4/journal-spare-faulty');
  t.match(
    flat(out),
    /^With all disks present, array md2 \(raid1\) is missing role 1; it starts degraded at once; then root is mounted\./,
  );
});

t.test('a disk that is missing already is named by the list that the last image got', async (t) => {
  const folder = 'trixie-mdadm-4.4/metadata-versions';
  const without = await ask(folder, {}, { '/proc/cmdline': 'resume=LABEL=swap' });
  t.match(
    flat(without.out),
    /^With the disks that are present now, array .*3.* \(raid1\) is missing role 1; it/,
  );
  const path = join(recorded, folder);
  const files = Object.fromEntries(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  );
  const machine = recordedMachine(files, { '/etc/fstab': files['fstab'] ?? '' });
  const now = await resolve(machine, { root: '/', fstab: null, resume: 'LABEL=swap', guessResume: false });
  if (!now.watchlist.ok) return t.fail(now.watchlist.why);
  const pulled = {
    ...{ deviceUuid: 'gone', role: 1 as const },
    disk: { byId: 'ata-WDC_1', model: 'WDC WD40', serial: 'S1', sizeBytes: null },
    ledger: { events: 1, updateTimeMs: 1, inSync: true },
  };
  const before = {
    ...now.watchlist.value,
    arrays: now.watchlist.value.arrays.map((array) => ({
      ...array,
      members: array.members.length < array.raidDevices ? [...array.members, pulled] : array.members,
    })),
  };
  const kept = { '/var/lib/reliable-raid/watchlist.json': formatWatchlist(before) };
  const named = await ask(folder, {}, { ...kept, '/proc/cmdline': 'resume=LABEL=swap' });
  t.match(flat(named.out), /is missing role 1 \(WDC WD40 \(serial S1\)\); it starts degraded/);
});

t.test('a disk by every name that it has', async (t) => {
  const folder = 'trixie-mdadm-4.4/lvm-on-luks';
  const byId = 'scsi-0QEMU_QEMU_HARDDISK_disk1';
  const wanted = await ask(folder, { without: ['ubdb'] });
  t.match(
    flat(wanted.out),
    /^Without ubdb \(QEMU_HARDDISK, serial disk1\): array md0 \(raid1\) is missing role 0;/,
  );
  for (const name of ['/dev/ubdb', byId, `/dev/disk/by-id/${byId}`, 'disk1', 'DISK1'])
    t.same(await ask(folder, { without: [name] }), wanted, name);
  const both = await ask(folder, { without: ['ubdb', 'ubdc', 'ubdb'] });
  t.equal(both.status, 1);
  t.match(
    flat(both.out),
    /^Without ubdb .* and ubdc .*: array md0 \(raid1\) cannot be started: none of its members is present; the boot stops at layer 0 and ends in the rescue shell after 30 s\./,
  );
  const besides = await ask(folder, { without: ['ubdb'], each: true });
  t.match(flat(besides.out), /^Without ubdb [^:]*: array .* Without ubdb [^:]* and ubdc [^:]*: array/);
  const unused = await ask(folder, { without: ['ubda'] });
  t.match(
    flat(unused.out),
    /: the boot does not need it; root comes up without waiting; only the passphrase is asked/,
  );
  t.equal(unused.status, 0);
});

t.test('what is no disk is an error that names the known ones', async (t) => {
  const folder = 'trixie-mdadm-4.4/lvm-on-luks';
  for (const [name, why] of [
    [
      'sdz',
      /--without sdz: no block device of this machine matches it; the boot needs: ubdb, ubdc, ubdd, ubde\n$/,
    ],
    ['\x1b[2J', /--without \\x1b\[2J: no block device/],
    ['md0', /--without md0: is not a disk: md0 is an array, on ubdb, ubdc; the boot needs/],
    ['/dev/mapper/md0_crypt', /is not a disk: md0 is an array/],
  ] as const) {
    const said = await ask(folder, { without: [name] });
    t.equal(said.status, 2, name);
    t.equal(said.out, '');
    t.match(said.err, why);
  }
});

t.test('the kernel command line and the configuration of this boot are obeyed', async (t) => {
  const folder = 'trixie-mdadm-4.4/lvm-on-luks';
  const without = ['ubdb'];
  const wait = await ask(
    folder,
    { without },
    { '/proc/cmdline': 'reliable_raid.wait=3 reliable_raid.wat=1' },
  );
  t.match(flat(wait.out), /starts degraded after 3 s/);
  t.match(wait.err, /warning: kernel argument reliable_raid\.wat: not known/);
  const config = { '/etc/reliable-raid/config.toml': 'degraded = "ask"\n' };
  const asked = await ask(folder, { without }, { ...config, '/proc/cmdline': 'panic=5 rootdelay=90' });
  t.equal(asked.status, 1);
  t.match(flat(asked.out), /only when you say so .* ends in a restart \(panic=5\) after \d+ s/);
  const dracut = { ...config, '/proc/cmdline': 'panic=5 rd.retry=70 rd.shell=0', '/usr/bin/dracut': 'x' };
  const byDracut = await ask(folder, { without }, dracut);
  t.match(flat(byDracut.out), /ends in a power-off \(rd.shell=0\) after 70 s/);
  t.equal(byDracut.err, '');
  const early = { ...dracut, '/proc/cmdline': 'rd.timeout=15' };
  t.match(
    (await ask(folder, { without }, early)).err,
    /warning: rd\.timeout=15 .* after 15 s, .* until \d+ s/,
  );
  const off = await ask(folder, { without }, { '/proc/cmdline': 'reliable_raid=off' });
  t.equal(off.status, 1);
  t.match(off.err, /error: reliable_raid=off is on the kernel command line/);
});

t.test('what cannot be told is said', async (t) => {
  const noRoot = await ask('trixie-mdadm-4.4/lvm-on-luks', {}, { '/etc/fstab': '/dev/nowhere / ext4\n' });
  t.equal(noRoot.status, 1);
  t.match(noRoot.err, /error: \/: .*nowhere: no block device/);
  const path = join(recorded, 'trixie-mdadm-4.4/lvm-on-luks');
  const files = Object.fromEntries(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  );
  const { recording, texts, folders } = recordedSysfs({ ...files, 'blocks.txt': '' });
  const machine = recordedMachine(recording, { '/etc/fstab': files['fstab'] ?? '', ...texts }, folders);
  const said: string[] = [];
  const status = showExplanation(await explain(machine, { without: [], each: true }), 'text', {
    out: (text) => said.push(text),
    err: (text) => said.push(text),
  });
  t.equal(status, 1);
  t.match(said.at(-1), /error: no superblock of array md0 could be read; run it as root/);
});

t.test('a root that needs no array', async (t) => {
  const folder = 'trixie-mdadm-4.4/lvm-on-luks';
  const plain = { '/etc/fstab': '/dev/ubda / ext4\n' };
  t.match(
    (await ask(folder, {}, plain)).out,
    /^With all disks present, root comes up without waiting; nothing is asked\.\n/,
  );
  const gone = await ask(folder, { without: ['ubda'] }, plain);
  t.match(flat(gone.out), /: root cannot be mounted: a disk below it is missing; the boot stops and ends/);
  t.equal(gone.status, 1);
});

t.test(
  'a line of fstab on a disk alone ends the boot without that disk, and the remedy is told',
  async (t) => {
    const path = join(recorded, 'trixie-mdadm-4.4/metadata-versions/fstab');
    const fstab = `${readFileSync(path, 'utf8').trimEnd()}\n/dev/ubdb /data ext4 defaults 0 2\n`;
    const lines = fstab.trimEnd().split('\n').length;
    const told = async (text: string) => {
      const said = await ask(
        'trixie-mdadm-4.4/metadata-versions',
        { without: ['ubdb'], json: true },
        { '/etc/fstab': text },
      );
      return { status: said.status, report: JSON.parse(said.out) };
    };
    const stops = await told(fstab);
    t.equal(stops.status, 1);
    const [first] = stops.report.cases;
    t.same([stops.report.comesUp, first.outcome, first.stopsAt], [false, 'stops', 'after-root']);
    const { findings } = first.stages.at(-1);
    t.match(findings, [
      { grade: 'stop', code: 'gone', name: '/data', at: { path: '/etc/fstab', line: lines } },
    ]);
    t.match(findings[0].commands, [new RegExp(`^sed -Ei '${lines}\\{s.*nofail.* /etc/fstab$`)]);
    const mended = await told(fstab.replace('/data ext4 defaults', '/data ext4 defaults,nofail'));
    t.equal(mended.status, 0);
    t.match(mended.report.cases[0], { outcome: 'up', stopsAt: null });
  },
);
