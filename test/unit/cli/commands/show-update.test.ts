import { test } from 'tap';
import type { UpdateFindings } from '../../../../src/app/image/update-image.ts';
import { showUpdate } from '../../../../src/cli/commands/show-update.ts';
import { INITRAMFS_TOOLS } from '../../../../src/core/image/generator.ts';
import { uuidOf } from '../../../support/ledger-entries.ts';

const changes = [{ what: 'new', uuid: uuidOf(1), name: '\x1bdata' }] as const;

function shown(findings: UpdateFindings, isAuto: boolean) {
  const said: string[] = [];
  const keep = (text: string) => void said.push(text);
  return {
    status: showUpdate(findings, isAuto, INITRAMFS_TOOLS, { out: keep, err: keep }),
    said: said.join('\n'),
  };
}

test('its units say only what is news, and fail only where they are to be run again', async (t) => {
  const old = { kind: 'old', changes, isNews: false, because: 'warn' } as const;
  for (const findings of [
    ...([{ kind: 'current' }, { kind: 'no-list' }, { kind: 'unresolved', at: '/', why: 'x' }] as const),
    old,
  ])
    t.same(shown(findings, true), { status: 0, said: '' });
  t.match(shown({ ...old, isNews: true }, true), {
    status: 0,
    said: /it does not know array \\x1bdata.*update-initramfs -u/,
  });
  t.same(shown({ kind: 'later', changes, because: 'package-manager' }, true), { status: 4, said: '' });
  t.match(shown({ kind: 'built', changes, kernel: '6.1', former: '/boot/x.former' }, true), {
    status: 0,
    said: /6\.1 was built anew.*\/boot\/x\.former/,
  });
  t.match(shown({ kind: 'failed', changes, why: 'no\x1b' }, true), { status: 0, said: /no\\x1b/ });
});

test('by hand everything is said, in lines of a console, and an old image is a status', async (t) => {
  const reasons = ['never', 'warn', 'tried', 'no-room', 'no-generator', 'no-image', null] as const;
  for (const because of reasons) {
    const { status, said } = shown({ kind: 'old', changes, isNews: true, because }, false);
    t.equal(status, 1);
    t.notMatch(said, /.{80}|[^\x20-\x7e\n]/, String(because));
  }
  t.equal(
    new Set(reasons.map((because) => shown({ kind: 'old', changes, isNews: true, because }, false).said))
      .size,
    6,
  );
  t.match(shown({ kind: 'current' }, false), { status: 0, said: /would be made now/ });
  t.match(shown({ kind: 'no-list' }, false), { status: 1, said: /No boot image/ });
  t.match(shown({ kind: 'unresolved', at: '/', why: 'x' }, false), { status: 1, said: /x/ });
  t.match(shown({ kind: 'later', changes, because: 'generator' }, false), { status: 1, said: /is done/ });
  t.match(shown({ kind: 'later', changes, because: 'changed' }, false), {
    status: 1,
    said: /within a minute/,
  });
});
