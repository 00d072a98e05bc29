// What Prometheus' own programs say of the metrics and of the alerting rules: promtool, and a node_exporter that is scraped.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'tap';
import { runningStatus } from '../../src/core/inspect/array-status.ts';
import { renderMetrics } from '../../src/core/render/metrics/textfile.ts';
import { ROOT } from '../../tools/project.ts';
import { machineReport } from '../support/machine-reports.ts';
import {
  DEGRADED_SINCE_BOOT,
  HEALTHY,
  knownArray,
  machineWith,
  OLD_IMAGE,
  REBUILDING,
  runningMirror,
  SPLIT_BRAIN_HELD,
} from '../support/status-machines.ts';

const without = (program: string, from: string): { skip: string | false } => ({
  skip: existsSync(`/usr/bin/${program}`) ? false : `${program} is not installed (Debian: ${from})`,
});

const NEXT_BOOT = machineReport().nextBoot;
const HOSTILE = machineWith(
  runningStatus(runningMirror({ degraded: 1 }), {
    ...knownArray({ name: 'a"b\\c\nd{}\u009b=' }),
    held: [{ device: 'sdb1', why: '"} 1\nforged 2' }],
  }),
);
const MACHINES = { HEALTHY, REBUILDING, DEGRADED_SINCE_BOOT, SPLIT_BRAIN_HELD, OLD_IMAGE, HOSTILE };

test('promtool has nothing to say of the metrics', without('promtool', 'prometheus'), async (t) => {
  for (const [name, machine] of Object.entries(MACHINES)) {
    const input = renderMetrics(machine, NEXT_BOOT);
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input,
      encoding: 'utf8',
    });
    t.same([status, stdout, stderr], [0, '', ''], name);
  }
});

test(
  'promtool takes the alerting rules, and they fire as they should',
  without('promtool', 'prometheus'),
  async (t) => {
    const promtool = (...args: string[]): string =>
      execFileSync('promtool', args, { cwd: ROOT, encoding: 'utf8' });
    t.match(promtool('check', 'rules', 'examples/prometheus-alerts.yml'), /SUCCESS: 7 rules/);
    t.match(promtool('test', 'rules', 'test/fixtures/prometheus/alerts.test.yml'), /SUCCESS/);
  },
);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

async function scrape(port: number, exporter: ChildProcess): Promise<string> {
  for (let tries = 0; tries < 600; tries++) {
    if (exporter.exitCode !== null) throw new Error(`node_exporter ended with ${exporter.exitCode}`);
    try {
      return await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    } catch {
      await pause(100);
    }
  }
  throw new Error('node_exporter does not listen after a minute');
}

test(
  'the textfile collector of a real node_exporter hands on every sample',
  without('prometheus-node-exporter', 'prometheus-node-exporter'),
  async (t) => {
    const folder = t.testdir({});
    const port = await freePort();
    const exporter = spawn(
      'prometheus-node-exporter',
      [
        ...[
          '--collector.disable-defaults',
          '--collector.textfile',
          `--collector.textfile.directory=${folder}`,
        ],
        ...[`--web.listen-address=127.0.0.1:${port}`],
      ],
      { stdio: 'ignore' },
    );
    t.teardown(() => exporter.kill('SIGTERM'));
    for (const [name, machine] of Object.entries(MACHINES)) {
      const text = renderMetrics(machine, NEXT_BOOT);
      await writeFile(join(folder, 'reliable_raid.prom'), text);
      const answer = await scrape(port, exporter);
      t.match(answer, /^node_textfile_scrape_error 0$/m, name);
      const samples = (of: string): number => of.match(/^reliable_raid_/gm)?.length ?? 0;
      t.ok(samples(text) > 8);
      t.equal(samples(answer), samples(text), `${name}: every sample`);
      t.notMatch(answer, /^forged/m);
    }
  },
);
