// npm run bench [-- --pairs N] [--suite trixie] [--deb PATH] [--layout raid1-ext4]
// Stock Debian and the product, booted in turn in one run on one machine; medians and what differs, as a table.
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve as resolvePath } from 'node:path';
import { parseArgs } from 'node:util';
import { mdUuidFromBytes } from '../../src/core/md/md-uuid.ts';
import type { EngineCost } from '../../src/core/report/report-file.ts';
import { PACKAGE } from '../../tools/project.ts';
import { type Guest, guest, secondsOf } from '../boot/guest/guest.ts';
import { layoutNamed } from '../boot/guest/layouts.ts';
import { isOfDracut } from '../boot/guest/platforms.ts';
import { memberSuperblocks } from '../boot/scenario/member-superblocks.ts';
import { decisionMs, gateMs, versionMs } from './native-start.ts';
import { type BootCase, timedBoot } from './timed-boot.ts';

interface PairedCase extends BootCase {
  readonly title: string;
  readonly pairs: number;
  /** The kernel command line names root's array, as installers do it for dracut. */
  readonly namesArray?: boolean;
}

const HEALTHY: PairedCase = { title: 'all disks: root mounted at', lane: 'qemu', absent: [], pairs: 5 };
/** At the speed of this processor: what the gate and the hook cost is not hidden in the emulator's noise. */
const HEALTHY_AT_FULL_SPEED: PairedCase = { ...HEALTHY, lane: 'user-mode', pairs: 20 };
const MISSING: PairedCase = {
  title: 'one disk missing: root mounted at',
  lane: 'qemu',
  absent: ['disk2'],
  askEngine: true,
  pairs: 3,
};
const LATE: PairedCase = {
  title: 'one disk 8 s late: root mounted after its arrival',
  lane: 'qemu',
  absent: ['disk2'],
  late: { seconds: 8, after: /Begin: Mounting root file system/ },
  pairs: 3,
};
/**
 * dracut assembles nothing that it is not told to, so both are told: which array it is; and once to take what there is,
 * where stock has nothing to wait for, and does not reload systemd's units for it.
 */
const NAMED = { lane: 'user-mode', namesArray: true } as const;
const WITH_DRACUT: readonly PairedCase[] = [
  { ...HEALTHY_AT_FULL_SPEED, ...NAMED, title: `${HEALTHY.title}, rd.md.uuid=` },
  { ...HEALTHY_AT_FULL_SPEED, kernelArguments: ['rd.auto'], title: `${HEALTHY.title}, rd.auto` },
  { ...MISSING, ...NAMED, pairs: 2 },
  { ...LATE, ...NAMED, late: { seconds: 8, after: /Run \/init as init process/ } },
];
const WITH_INITRAMFS_TOOLS = [HEALTHY_AT_FULL_SPEED, HEALTHY, MISSING, LATE];
const UPDATE_PAIRS = 2;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string' },
    suite: { type: 'string', default: 'trixie' },
    deb: { type: 'string', default: `dist/reliable-raid_${PACKAGE.version}_amd64.deb` },
    layout: { type: 'string', default: 'raid1-ext4' },
  },
});
if (!existsSync(values.deb)) throw new Error(`${values.deb} is not there: npm run package`);

const { deb, suite } = values;
const UPDATE = isOfDracut(suite) ? 'dracut --force --regenerate-all' : 'update-initramfs -u';
const layout = layoutNamed(values.layout);
const stock = await guest(layout, { kind: 'stock' }, suite);
const product = await guest(layout, { kind: 'product', deb }, suite);

/** What the engine cost in each round that asked it. */
const engineCosts: EngineCost[] = [];
const rows: string[][] = [['', 'stock', 'reliable-raid', 'difference']];
for (const bootCase of isOfDracut(suite) ? WITH_DRACUT : WITH_INITRAMFS_TOOLS)
  rows.push(await paired(bootCase));
rows.push(sizes());
rows.push(...engineRows());
rows.push(native('engine: start to first decision, on this machine itself, ms', decisionMs));
rows.push(native('gate: one member, on this machine itself, ms', gateMs));
rows.push(native('engine: --version, on this machine itself, ms', versionMs));
rows.push(await updateSeconds());
print(rows);

async function argumentFor(machine: Guest): Promise<string> {
  const { disk1 } = await memberSuperblocks(machine, tmpdir(), 'user-mode');
  if (disk1 === undefined) throw new Error(`${layout.name} has no member on disk1`);
  // after magic, version and features (md_p.h, mdp_superblock_1)
  return `rd.md.uuid=${mdUuidFromBytes(disk1.subarray(16, 32))}`;
}

/** One round boots both, so that what the host does meets them alike. */
async function paired(bootCase: PairedCase): Promise<string[]> {
  const rounds = values.pairs === undefined ? bootCase.pairs : Number(values.pairs);
  const seconds = new Map<Guest, number[]>([stock, product].map((machine) => [machine, []]));
  const named = new Map<Guest, string[]>();
  if (bootCase.namesArray === true)
    for (const machine of seconds.keys()) named.set(machine, [await argumentFor(machine)]);
  for (let round = 1; round <= rounds; round++) {
    for (const [machine, measured] of seconds) {
      const askEngine = bootCase.askEngine === true && machine === product;
      const kernelArguments = named.get(machine) ?? bootCase.kernelArguments ?? [];
      const { mountedAt, arrivedAt, engine } = await timedBoot(machine, {
        ...bootCase,
        kernelArguments,
        askEngine,
      });
      measured.push(mountedAt - (arrivedAt ?? 0));
      if (engine !== undefined) engineCosts.push(engine);
    }
    const line = [...seconds.values()].map((measured) => measured.at(-1)?.toFixed(2)).join(' ');
    process.stderr.write(`${bootCase.title} (stock, product), round ${round} of ${rounds}: ${line} s\n`);
  }
  const [plain = [], ours = []] = [...seconds.values()];
  // The host's own noise is larger than what is measured: it meets the two of a round alike.
  const differences = ours.map((measured, round) => measured - (plain[round] ?? Number.NaN));
  const ratios = ours.map((measured, round) => (measured / (plain[round] ?? Number.NaN) - 1) * 100);
  const difference = `${signed(median(differences), 's')} (${signed(median(ratios), '%')})`;
  const lane = bootCase.lane === 'qemu' ? 'QEMU' : 'user-mode Linux';
  const title = `${bootCase.title}, ${lane}, guest seconds, medians of ${rounds} rounds`;
  return [title, median(plain).toFixed(2), median(ours).toFixed(2), difference];
}

function sizes(): string[] {
  const [plain, ours] = [stock.initrdBytes / 1e6, product.initrdBytes / 1e6];
  return ['boot image, MB', plain.toFixed(2), ours.toFixed(2), signed(ours - plain, 'MB')];
}

function engineRows(): string[][] {
  const row = (title: string, digits: number, figure: (cost: EngineCost) => number): string[] => [
    title,
    '',
    median(engineCosts.map(figure)).toFixed(digits),
    '',
  ];
  return [
    row('engine: peak memory, MB', 1, ({ peakMemoryKiB }) => (peakMemoryKiB ?? Number.NaN) / 1024),
    row(
      'engine: start to first decision, in the guest, s',
      3,
      ({ processStartedAtMs, firstDecisionAtMs }) =>
        ((firstDecisionAtMs ?? Number.NaN) - (processStartedAtMs ?? Number.NaN)) / 1000,
    ),
  ];
}

function native(title: string, measure: (program: string) => number[]): string[] {
  return [title, '', median(measure(resolvePath('dist/reliable-raid-boot'))).toFixed(1), ''];
}

async function updateSeconds(): Promise<string[]> {
  const seconds: [number[], number[]] = [[], []];
  for (let round = 0; round < UPDATE_PAIRS; round++) {
    for (const [index, machine] of [stock, product].entries()) {
      seconds[index]?.push(await secondsOf(UPDATE, machine, suite));
    }
  }
  const [plain, ours] = seconds.map(median) as [number, number];
  const title = `${UPDATE} (user-mode Linux), s, median of ${UPDATE_PAIRS}`;
  return [title, plain.toFixed(1), ours.toFixed(1), signed(ours - plain, 's')];
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

function signed(difference: number, unit: string): string {
  return `${difference < 0 ? '' : '+'}${difference.toFixed(2)} ${unit}`;
}

function print(table: readonly (readonly string[])[]): void {
  const [head = [], ...body] = table;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  process.stdout.write(`${[line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')}\n`);
}
