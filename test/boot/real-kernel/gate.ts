// node test/boot/real-kernel/gate.ts [--only WORD] [--suite trixie] [--show]
// The gate and the guarded re-add against real md and real udev: each case sets a mirror up under user-mode Linux and has its halves
// announced with the distribution's rules alone or with ours before them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runUnderUml } from '../guest/uml.ts';
import { type GateCase, gateCases } from './gate-cases.ts';
import { caseOptions, runCases } from './run-cases.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const options = caseOptions('show');
const words = readFileSync(new URL('gate-machine', import.meta.url), 'utf8');
const bootSteps = readFileSync(join(project, 'scripts/boot-steps'), 'utf8');
await runCases(options, { subject: 'gate:', cases: gateCases, judge });

async function judge({ script, expect, program, disks = 2 }: GateCase): Promise<string | null> {
  const { code, stderr, files } = await runUnderUml({
    suite: options.suite,
    disks: Array.from({ length: disks }, () => ({ size: '24M' })),
    input: [
      join(project, 'dist/reliable-raid-boot'),
      join(project, 'udev/63-reliable-raid.rules'),
      ...(program ? [join(project, 'dist/reliable-raid')] : []),
    ],
    files: { 'gate-machine': words, 'boot-steps': bootSteps },
    timeoutSeconds: 120,
    script: `. /run/job/prepare >/dev/null 2>&1
. /run/job/gate-machine
set -x
${script}`,
  });
  const facts = new Map(
    (files['facts'] ?? '').split('\n').map((line) => {
      const equals = line.indexOf('=');
      return [line.slice(0, equals), line.slice(equals + 1)] as const;
    }),
  );
  if (options.switches.has('show')) process.stdout.write(files['facts'] ?? '');
  const wrong = Object.entries(expect).filter(([name, wanted]) => {
    const found = facts.get(name);
    return found === undefined || !(typeof wanted === 'string' ? found === wanted : wanted.test(found));
  });
  if (code === 0 && wrong.length === 0) return null;
  const named = wrong.map(([name, wanted]) => `  ${name}: ${facts.get(name)}, wanted ${wanted}\n`);
  return `  status ${code}\n${named.join('')}${files['facts'] ?? ''}\n${stderr}\n`;
}
