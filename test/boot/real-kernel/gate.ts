// node test/boot/real-kernel/gate.ts [--only WORD] [--suite trixie] [--cover] [--show]
// The gate and the guarded re-add against real md and real udev: each case sets a mirror up under user-mode Linux and has its halves
// announced with the distribution's rules alone or with ours before them.
import { readFileSync } from 'node:fs';
import { gateCases } from './gate-cases.ts';
import { judgeOnMachine } from './machine-facts.ts';
import { caseOptions, runCases } from './run-cases.ts';

const { suite, ...options } = caseOptions('show');
const show = options.switches.has('show');
const files = { 'boot-steps': readFileSync(new URL('../../../scripts/boot-steps', import.meta.url), 'utf8') };
await runCases(
  { suite, ...options },
  {
    subject: 'gate:',
    cases: gateCases,
    judge: (one) => judgeOnMachine(one, { suite, show, files, disks: one.disks ?? 2 }),
  },
);
