// node test/boot/real-kernel/run.ts [--only NAME,NAME] [--suite trixie] [--cover] [--record]
// `resolve` against real md, LVM and LUKS: each case is set up under user-mode Linux and resolved there by the built program.
// With --record the machines are kept as fixtures, for test/integration/app/watchlist/resolve.test.ts.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { parseWatchlist } from '../../../src/core/watchlist/watchlist-file.ts';
import { compare, recordedUuids } from '../../support/expected-watchlist.ts';
import { type RealCase, realCases } from './cases.ts';
import { type CaseRun, fstabOf, runCase } from './run-case.ts';
import { caseOptions, runCases } from './run-cases.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const options = caseOptions('record');
await runCases(options, { subject: 'resolve', cases: realCases, judge });

async function judge(realCase: RealCase): Promise<string | null> {
  const { fails, root } = realCase;
  const isKept = options.switches.has('record') && root === undefined;
  const run = await runCase(realCase, join(project, 'dist/reliable-raid'), options.suite, isKept);
  if (fails !== undefined)
    return run.status === 1 && fails.test(run.stderr)
      ? null
      : `  status ${run.status}, ${fails} not in:\n${run.stderr}${run.setUp}`;
  if (isKept) record(realCase, run);
  if (run.status !== 0) return `  status ${run.status}\n${run.stderr}${run.setUp}`;
  const watchlist = parseWatchlist(run.watchlist);
  if (!watchlist.ok) return `  ${watchlist.at}: ${watchlist.why}\n${run.setUp}`;
  const { found, wanted } = compare(watchlist.value, realCase.expect, recordedUuids(run.recording));
  if (isDeepStrictEqual(found, wanted)) return null;
  return `  found  ${JSON.stringify(found)}\n  wanted ${JSON.stringify(wanted)}\n${run.stderr}${run.setUp}`;
}

function record(realCase: RealCase, { recording }: CaseRun): void {
  const { 'versions.txt': versions = '', ...files } = recording;
  const programs = Object.fromEntries(
    versions
      .trim()
      .split('\n')
      .map((line) => line.split(' ')),
  );
  const folder = join(
    project,
    'test/fixtures/recorded',
    `${options.suite}-mdadm-${programs.mdadm}`,
    realCase.name,
  );
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const command = `node test/boot/real-kernel/run.ts --suite ${options.suite} --record --only ${realCase.name}`;
  const meta = { command, suite: options.suite, ...programs, date: new Date().toISOString().slice(0, 10) };
  const { expect, resume = null } = realCase;
  for (const [name, text] of Object.entries({
    ...files,
    fstab: fstabOf(realCase),
    'meta.json': `${JSON.stringify(meta, null, 2)}\n`,
    'expect.json': `${JSON.stringify({ resume, ...expect }, null, 2)}\n`,
  }))
    writeFileSync(join(folder, name), text);
}
