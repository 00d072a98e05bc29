import { test } from 'tap';
import type { AfterRootFinding } from '../../../../src/core/inspect/after-root.ts';
import type { Demand } from '../../../../src/core/inspect/mount-demands.ts';
import { afterRootText } from '../../../../src/core/render/commands/after-root-text.ts';
import type { WatchedArray } from '../../../../src/core/watchlist/watchlist.ts';
import { watched } from '../../../support/present-members.ts';

const told = (more: Partial<Demand> = {}, code: 'gone' | 'lost' = 'gone', inside: string | null = null) =>
  afterRootText({
    ...{ stage: 'after-root', grade: 'stop', code, inside },
    demand: {
      ...{ kind: 'mount', name: '/data', source: 'UUID=x', at: { path: '/etc/fstab', line: 3 } },
      ...{
        weight: 'required',
        waitMs: 90_000,
        ways: [],
        lost: null,
        inside: [],
        isWaitSet: false,
        isByHand: false,
      },
      ...more,
    },
  });

test('what is missing, what follows, and the line to change', async (t) => {
  t.match(told(), {
    text: '/data (UUID=x, /etc/fstab line 3) is missing, and has no nofail: emergency mode after 90 s',
  });
  t.same(told().commands, [
    String.raw`sed -Ei '3{s/^\s*(\S+\s+){3}\S+/&,nofail/;t;s/$/ nofail/}' /etc/fstab`,
  ]);
  t.match(told({ weight: 'optional' }), { commands: [], remedy: null });
  t.match(told({ weight: 'awaited', kind: 'swap' }).text, /^swap \/data .* waits 90 s for it and goes on$/);
  t.match(told({ waitMs: null }).text, /for ever/);
  t.match(told({}, 'gone', '/srv').text, /lies in \/srv, which is missing/);
  t.match(
    told({ lost: 'no block device matches it' }, 'lost').text,
    /no block device matches it; if it is missing/,
  );
  t.match(told({ kind: 'mapping', weight: 'awaited' }).commands[0], /none nofail/);
});

test('a line that nobody knows and a path that a shell may misread have no command', async (t) => {
  t.same(told({ at: { path: '/etc/fstab', line: null } }).commands, []);
  t.same(told({ at: { path: "/mnt/it's/etc/fstab", line: 1 } }).commands, []);
  t.match(told({ name: '/\x1b[2J' }).text, /\\x1b/);
});

test('an array that root does not need', async (t) => {
  const finding = (
    code: 'degraded' | 'not-started' | 'held-back',
    roles: readonly number[],
    more: Partial<WatchedArray> = {},
  ): AfterRootFinding => ({
    ...{ stage: 'after-root', grade: 'note', code, missingRoles: roles },
    array: { ...watched(), ...more },
  });
  t.match(afterRootText(finding('degraded', [1])).text, /missing role 1; it starts degraded after 20 s/);
  t.match(afterRootText(finding('degraded', [1, 2])).text, /roles 1 and 2/);
  t.match(afterRootText(finding('degraded', [0, 1, 2, 3, 4, 5, 6])).text, /7 members/);
  t.match(afterRootText(finding('not-started', [])).text, /not started/);
  const never = afterRootText(finding('held-back', [1], { degraded: 'never' }));
  t.match(never.text, /starts degraded only by hand \(degraded = "never"\)/);
  t.match(never.commands, [/^reliable-raid start \w+$/]);
  const odd = afterRootText(finding('held-back', [1], { degraded: 'ask', name: 'my $(array)' }));
  t.match(odd.text, /only when you say so/);
  t.match(odd.commands, [/^reliable-raid start [0-9a-f:]{35}$/]);
});
