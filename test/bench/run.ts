// npm run bench [-- --pairs N] [--suite trixie] [--deb PATH]
// Stock Debian and the product, booted in turn in one run on one machine; medians and their ratio as a table.
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Guest, guest } from '../boot/guest/guest.ts';
import { layoutNamed } from '../boot/guest/layouts.ts';
import { PACKAGE } from '../../tools/project.ts';
import { type BootCase, imageBytes, timedBoot } from './timed-boot.ts';

const CASES: readonly (BootCase & { readonly pairs: number })[] = [
  { title: 'all disks, to root mounted', absent: [], pairs: 5 },
  { title: 'one disk missing, to root mounted', absent: ['disk2'], pairs: 3 },
  { title: 'one disk 8 s late, from its arrival to root mounted', absent: ['disk2'], lateSeconds: 8, pairs: 3 },
];

const { values } = parseArgs({
  options: {
    pairs: { type: 'string' },
    suite: { type: 'string', default: 'trixie' },
    deb: { type: 'string', default: `dist/reliable-raid_${PACKAGE.version}_amd64.deb` },
    layout: { type: 'string', default: 'raid1-ext4' },
  },
});
if (!existsSync(values.deb)) throw new Error(`${values.deb} is not there: npm run package`);

const layout = layoutNamed(values.layout);
const stock = await guest(layout, { kind: 'stock' }, values.suite);
const product = await guest(layout, { kind: 'product', deb: values.deb }, values.suite);

const rows = [['', 'stock', 'reliable-raid', 'difference']];
for (const bootCase of CASES) {
  const pairs = values.pairs === undefined ? bootCase.pairs : Number(values.pairs);
  const seconds: [number[], number[]] = [[], []];
  for (let pair = 0; pair < pairs; pair++) {
    seconds[0].push(await measure(stock, bootCase));
    seconds[1].push(await measure(product, bootCase));
    process.stderr.write(`${bootCase.title}: pair ${pair + 1} of ${pairs}: ${seconds[0].at(-1)} s, ${seconds[1].at(-1)} s\n`);
  }
  const [plain, ours] = seconds.map(median) as [number, number];
  rows.push([
    `${bootCase.title}, guest seconds, median of ${pairs}`,
    plain.toFixed(2),
    ours.toFixed(2),
    `${(((ours - plain) / plain) * 100).toFixed(1)} %`,
  ]);
}
const [before, after] = [imageBytes(stock), imageBytes(product)];
rows.push(['initramfs image, MB', mega(before), mega(after), `${mega(after - before)} MB`]);
print(rows);

async function measure(machine: Guest, bootCase: BootCase): Promise<number> {
  const { mountedAt, arrivedAt } = await timedBoot(machine, bootCase);
  return Number((mountedAt - (arrivedAt ?? 0)).toFixed(2));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

function mega(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}

function print(table: readonly (readonly string[])[]): void {
  const [head = [], ...body] = table;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  process.stdout.write(`${[line(head), line(head.map(() => '---')), ...body.map(line)].join('\n')}\n`);
}
