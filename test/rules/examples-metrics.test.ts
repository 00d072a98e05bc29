// Alerting rules and the dashboard of the examples ask for metrics that the program writes, and for labels that these have.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { renderMetrics } from '../../src/core/render/metrics/textfile.ts';
import { ROOT } from '../../tools/project.ts';
import { machineReport } from '../support/machine-reports.ts';
import { SPLIT_BRAIN_HELD } from '../support/status-machines.ts';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const written = new Set(
  renderMetrics(SPLIT_BRAIN_HELD, machineReport().nextBoot).match(/(?<=^# TYPE )reliable_raid_\w+/gm) ?? [],
);

const EXAMPLES = ['examples/prometheus-alerts.yml', 'examples/grafana-dashboard.json'];

for (const path of EXAMPLES)
  test(`${path} asks for what is written`, async (t) => {
    const asked = new Set(read(path).match(/reliable_raid_\w+/g) ?? []);
    t.ok(asked.size >= 6, `${asked.size} metrics`);
    t.same(
      [...asked].filter((name) => !written.has(name)),
      [],
    );
    t.match(read('packaging/debian/reliable-raid.examples'), path);
  });

test('the dashboard is one that Grafana imports: panels with an id, a place and a query of their own', async (t) => {
  const { panels, uid, schemaVersion } = JSON.parse(read('examples/grafana-dashboard.json')) as {
    panels: {
      id: number;
      gridPos: { x: number; y: number; w: number; h: number };
      targets: { expr: string }[];
    }[];
    uid: string;
    schemaVersion: number;
  };
  t.ok(uid.length > 0 && schemaVersion >= 39);
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const { gridPos, targets } of panels) {
    t.ok(gridPos.x + gridPos.w <= 24);
    t.ok(targets.every(({ expr }) => expr.includes('$instance')));
  }
  for (const one of panels)
    for (const other of panels.filter(({ id }) => id > one.id)) {
      const [a, b] = [one.gridPos, other.gridPos];
      const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      t.ok(isApart, `panels ${one.id} and ${other.id} do not cover each other`);
    }
});
