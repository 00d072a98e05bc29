// Which safety rules and levels the table of cases meets, and on which versions of mdadm.
import { mdadmOf, type SafetyCase } from './safety-case.ts';

/** Version of mdadm to the number of runs on it. */
export type RunsByVersion = Readonly<Record<string, number>>;

/** A rule of the design (`S5`), a level (`RAID10`, `md on md`) or `control`, to its runs. */
export type Coverage = ReadonlyMap<string, RunsByVersion>;

export function coverageOf(cases: readonly SafetyCase[]): Coverage {
  const coverage = new Map<string, Record<string, number>>();
  for (const safetyCase of cases) {
    for (const subject of subjectsOf(safetyCase)) {
      const runs = coverage.get(subject) ?? {};
      coverage.set(subject, runs);
      for (const release of safetyCase.on) runs[mdadmOf[release]] = (runs[mdadmOf[release]] ?? 0) + 1;
    }
  }
  return coverage;
}

/** A line for each, rules in their order. */
export function coverageTable(coverage: Coverage): string {
  const versions = Object.values(mdadmOf);
  const inOrder = [...coverage].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }));
  return inOrder
    .map(([subject, runs]) => {
      const counts = versions.map((version) => runs[version] ?? 0);
      const total = counts.reduce((sum, count) => sum + count, 0);
      const each = versions.map((version, index) => `${version}: ${String(counts[index]).padStart(2)}`);
      return `${subject.padEnd(9)} ${String(total).padStart(3)} runs  ${each.join('  ')}\n`;
    })
    .join('');
}

/** Controls run without us: they prove the danger and no rule. */
function subjectsOf({ proves, machine, powerOn }: SafetyCase): readonly string[] {
  if (powerOn.stock === true) return ['control'];
  const rules = proves.split(' ').filter((word) => /^S\d+$/.test(word));
  const root = machine.arrays.find(({ name }) => name === machine.root);
  const stacked = root?.members.some((member) => machine.arrays.some(({ name }) => name === member));
  return [...rules, stacked === true ? 'md on md' : `RAID${root?.level}`];
}
