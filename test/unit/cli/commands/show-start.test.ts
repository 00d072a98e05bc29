import { test } from 'tap';
import type { StartFindings } from '../../../../src/app/start/start.ts';
import { showStart } from '../../../../src/cli/commands/show-start.ts';
import { watched } from '../../../support/present-members.ts';

function shown(findings: StartFindings) {
  const out: string[] = [];
  const err: string[] = [];
  const status = showStart(findings, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

test('the exit status is 0 when all that was asked for runs', async (t) => {
  t.match(shown({ kind: 'started', down: [], bootWaits: true }), { status: 0, err: '' });
  t.match(shown({ kind: 'started', down: [watched([], { name: 'root' })], bootWaits: true }), {
    status: 1,
    out: /root/,
    err: '',
  });
});

test('a boot is spoken of only where one waits', async (t) => {
  for (const down of [[], [watched([], { name: 'root' })]]) {
    t.match(shown({ kind: 'started', down, bootWaits: true }).out, /\bexit\b/);
    t.notMatch(shown({ kind: 'started', down, bootWaits: false }).out, /\bexit\b|boot/);
  }
});

test('an error is said on the other output, escaped', async (t) => {
  t.match(shown({ kind: 'not-listed', array: 'nothing\x1b' }), { status: 1, out: '', err: /nothing\\x1b/ });
  t.match(shown({ kind: 'no-watchlist', at: '/gone', why: 'x\x9b' }), {
    status: 1,
    out: '',
    err: /\/gone: x\\x9b$/,
  });
});

test('members that may not be read are no missing ones', async (t) => {
  const members = [{ device: 'sda1', kind: 'denied', why: 'it may not be read: run it as root' }] as const;
  t.match(shown({ kind: 'denied', members }), {
    status: 1,
    out: '',
    err: 'reliable-raid: /dev/sda1: it may not be read: run it as root',
  });
});

test('a dry run says what would be run', async (t) => {
  const command = 'mdadm --incremental /dev/sda1';
  t.match(shown({ kind: 'dry-run', plans: [] }), { status: 0, out: '', err: '' });
  t.match(
    shown({
      kind: 'dry-run',
      plans: [
        { command, thenRun: true },
        { command: null, thenRun: false },
      ],
    }),
    { status: 0, out: /--incremental \/dev\/sda1 .*mdadm --run.*\n.*nothing/ },
  );
});
