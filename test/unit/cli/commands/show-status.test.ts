import { test } from 'tap';
import { paintFor, showStatus } from '../../../../src/cli/commands/show-status.ts';
import type { MachineStatus } from '../../../../src/core/inspect/machine-status.ts';
import { DEGRADED_SINCE_BOOT, HEALTHY } from '../../../support/status-machines.ts';

function show(status: MachineStatus, more: { arrays?: string[]; json?: boolean; quiet?: boolean } = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (text: string) => out.push(text), err: (text: string) => err.push(text) };
  const request = { arrays: [], json: false, quiet: false, ...more };
  const exit = showStatus(status, request, (_, text) => text, output);
  return { exit, out: out.join('\n'), err: err.join('\n') };
}

test('all, some, and those that are not there', async (t) => {
  t.match(show(HEALTHY), { exit: 0, out: /^OK: / });
  t.match(show(DEGRADED_SINCE_BOOT), { exit: 1, out: /^DEGRADED/ });
  const data = show(DEGRADED_SINCE_BOOT, { arrays: ['data'] });
  t.match(data, { exit: 0, out: /^OK: the array is complete\./ });
  t.notMatch(data.out, 'md0');
  t.match(show(HEALTHY, { arrays: ['no\x1bsuch'] }), { exit: 4, out: '', err: /no\\x1bsuch/ });
});

test('quiet is the exit status alone', async (t) => {
  t.match(show(DEGRADED_SINCE_BOOT, { quiet: true }), { exit: 1, out: '', err: '' });
  t.equal(JSON.parse(show(HEALTHY, { json: true }).out).schema, 'reliable-raid/status/1');
});

test('colour on a terminal that wants it', async (t) => {
  t.equal(paintFor(true, {})('bad', 'x'), '\x1b[1;31mx\x1b[0m');
  t.equal(paintFor(true, {})('plain', 'x'), 'x');
  t.equal(paintFor(true, { NO_COLOR: '' })('good', 'x'), '\x1b[32mx\x1b[0m', 'an empty one says nothing');
  for (const [isTerminal, environment] of [
    [false, {}],
    [true, { NO_COLOR: '1' }],
    [true, { TERM: 'dumb' }],
  ] as const)
    t.equal(paintFor(isTerminal, environment)('bad', 'x'), 'x');
});
