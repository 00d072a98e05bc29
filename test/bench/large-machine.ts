// node test/bench/large-machine.ts [--disks N]: how long `explain` takes on a machine of so many disks in arrays of four, without and with
// `--each`, where root needs one array and where it needs all. Seconds of the clock and of a processor, as a table.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { explain } from '../../src/app/inspect/explain.ts';
import { buildSimulatedMachine } from '../support/simulated-machine.ts';

const { values } = parseArgs({ options: { disks: { type: 'string', default: '2000' } } });
const arrays = Math.max(1, Math.floor(Number(values.disks) / 4));

const rows: string[][] = [['arrays of root', 'cases', 'clock, s', 'processor, s', 'processor a case, ms']];
for (const belowRoot of [1, arrays]) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'reliable-raid-large-')));
  try {
    const machine = buildSimulatedMachine(folder, { arrays, membersEach: 4, belowRoot });
    // The first one also loads what is used.
    await explain(machine, { without: [], each: false });
    const plain = await timed(() => explain(machine, { without: [], each: false }));
    const each = await timed(() => explain(machine, { without: [], each: true }));
    rows.push([`${belowRoot}`, ...plain.cells, '']);
    const msEach = ((each.cpuSeconds - plain.cpuSeconds) * 1000) / Math.max(1, each.cases - 1);
    rows.push([`${belowRoot}`, ...each.cells, msEach.toFixed(1)]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.stdout.write(`${arrays * 4} disks in ${arrays} arrays\n`);
for (const cells of rows) process.stdout.write(`${cells.map((cell) => cell.padStart(20)).join('')}\n`);

async function timed(run: () => ReturnType<typeof explain>) {
  const startedAtMs = performance.now();
  const cpu = process.cpuUsage();
  const { result } = await run();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAtMs) / 1000;
  if (result.kind !== 'explained') throw new Error(`nothing was explained: ${result.kind}`);
  const cases = result.explanation.forecasts.length;
  const cpuSeconds = (user + system) / 1e6;
  return { cases, cpuSeconds, cells: [`${cases}`, seconds.toFixed(2), cpuSeconds.toFixed(2)] };
}
