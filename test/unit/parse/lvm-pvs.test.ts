import { test } from 'tap';
import { parsePvs } from '../../../src/core/parse/lvm-pvs.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('physical volumes', async (t) => {
  t.match(parsePvs('  aa-bb|vg|/dev/md0\n  ||/dev/sdb\n  cc|vg|[unknown]\n'), [
    { path: '/dev/md0', groupId: 'aabb', groupName: 'vg' },
    { path: '/dev/sdb', groupId: '' },
  ]);
});

test('no text makes it throw', async () => survivesAnyText(parsePvs));
