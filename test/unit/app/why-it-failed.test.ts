import { test } from 'tap';
import { whyItFailed } from '../../../src/app/why-it-failed.ts';
import type { RunResult } from '../../../src/ports/runner.ts';

test('why a program did not do what it was asked', async (t) => {
  const of = (more: Partial<RunResult>) =>
    whyItFailed({ argv: ['mdadm'], status: 1, stdout: '', stderr: '', error: null, ...more });
  const cases: readonly [what: string, found: string, wanted: RegExp][] = [
    ['nothing said', of({}), /status 1$/],
    [
      'its words',
      of({ stderr: 'mdadm: no\n\n  second\nthird\nfourth\n' }),
      /status 1: mdadm: no; second; third$/,
    ],
    ['a hint', of({ stderr: 'mdadm: must be super-user to perform this action' }), /\(run it as root\)$/],
    ['not there', of({ status: null, error: 'spawn mdadm ENOENT' }), /^is not installed$/],
    ['killed', of({ status: null, error: 'timed out', stderr: 'x' }), /timed out: x$/],
    ['no reason', of({ status: null }), /unknown reason/],
    ['hostile words', of({ stderr: '\x1b[2J' }), /\\x1b\[2J$/],
  ];
  for (const [what, found, wanted] of cases) t.match(found, wanted, what);
});
