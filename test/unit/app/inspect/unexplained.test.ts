import { test } from 'tap';
import { unexplainedLines } from '../../../../src/app/inspect/unexplained.ts';
import { watched } from '../../../support/present-members.ts';

test('why nothing can be said, of which object, and what to do; safe for a console', async (t) => {
  t.same(unexplainedLines({ kind: 'unresolved', at: '/', why: 'no source' }), ['error: /: no source']);
  t.match(unexplainedLines({ kind: 'off', why: 'reliable_raid=off\x1b' }), [/off\\x1b/, /remove it/]);
  t.match(unexplainedLines({ kind: 'unread', arrays: [watched()] }), [/run it as root/]);
  t.match(
    unexplainedLines({
      kind: 'unknown-disk',
      disk: 'sdz',
      why: 'no block device matches it',
      needed: ['sda', 'sdb'],
    }),
    ['error: --without sdz: no block device matches it; the boot needs: sda, sdb'],
  );
});
