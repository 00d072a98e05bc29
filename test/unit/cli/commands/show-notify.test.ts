import { test } from 'tap';
import type { NotifyFindings } from '../../../../src/app/notices/notify.ts';
import { showNotify } from '../../../../src/cli/commands/show-notify.ts';

const message = { subject: 'box: s', body: 'b\n', urgency: 'urgent' } as const;

function show(more: Partial<NotifyFindings>, dryRun = false) {
  const out: string[] = [];
  const err: string[] = [];
  const output = { out: (text: string) => out.push(text), err: (text: string) => err.push(text) };
  const findings = { message: null, deliveries: [], warnings: [], againAfterMs: null, ...more };
  return { exit: showNotify(findings, dryRun, output), out: out.join('\n'), err: err.join('\n') };
}

test('what became of it', async (t) => {
  t.match(show({}), { exit: 0, out: 'Nothing is to be told.', err: '' });
  t.match(show({ againAfterMs: 59_001 }), { out: 'Told in 60 s.' });
  const deliveries = [
    { channel: 'wall', why: null },
    { channel: 'smtp', why: 'refused\x1b[2J' },
  ];
  t.match(show({ message, deliveries }), {
    exit: 1,
    out: 'box: s\n  wall: sent\n  smtp: failed: refused\\x1b[2J',
  });
  t.match(show({ message, warnings: ['w'] }), { exit: 0, err: /warning: w\n.*no channel is configured/s });
  t.match(show({ message }, true), { exit: 0, out: 'Subject: box: s\n\nb', err: '' });
});
