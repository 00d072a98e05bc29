/** Reads how many tests passed and failed from what the test programs print. */

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** From tap's summary, such as `# { total: 7, pass: 5, fail: 2 }`; null when there is none or no test ran. */
export function countsOfTap(output: string): Counts | null {
  const summaries = [...output.matchAll(/^# \{ (total: .*) \}$/gm)];
  const summary = summaries.at(-1)?.[1];
  if (summary === undefined) return null;
  const fields = new Map(
    summary.split(', ').map((field): [string, number] => {
      const [name = '', value = ''] = field.split(': ');
      return [name, Number(value)];
    }),
  );
  const passed = fields.get('pass') ?? 0;
  const failed = fields.get('fail') ?? 0;
  return passed + failed === 0 ? null : { passed, failed };
}

/** From the last line `N passed, N failed`; null when there is none or no boot ran. */
export function countsOfBoots(output: string): Counts | null {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  if (last === undefined) return null;
  const counts = { passed: Number(last[1]), failed: Number(last[2]) };
  return counts.passed + counts.failed === 0 ? null : counts;
}

/** Mutated inputs are no tests: together they pass or fail as one. */
export const asOneTest = ({ passed, failed }: Counts): Counts =>
  failed === 0 && passed > 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** One part in the summary. */
export const wordsOf = ({ passed, failed }: Counts, inputs: boolean): string =>
  inputs ? `${passed + failed} mutated inputs, ${failed} failed` : `${passed} passed, ${failed} failed`;

/** The failed assertions with what tap says about each, without the tests around them that fail for that reason. */
export function failuresInTap(output: string): string {
  const lines = output.split('\n');
  const found: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (!/^\s*not ok \d+/.test(line) || / # time=/.test(line)) continue;
    found.push(...lines.slice(index, index + 30), '');
  }
  return `${found.join('\n')}\n`;
}

/** The failed ones of a program of ours, each with the indented lines that say what was expected and seen. */
export function failuresInBoots(output: string): string {
  const found: string[] = [];
  let inFailure = false;
  for (const line of output.split('\n')) {
    inFailure = /^(FAILED|not ok|NOT FOUND)\b/.test(line) || (inFailure && /^\s+\S/.test(line));
    if (inFailure) found.push(line);
  }
  return found.join('\n');
}
