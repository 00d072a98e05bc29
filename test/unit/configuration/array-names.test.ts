import { test } from 'tap';
import { isCalled, uuidInKey } from '../../../src/core/configuration/array-names.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';

const UUID = '11111111:22222222:33333333:44444444' as MdUuid;
const ARRAY = { device: 'md127', uuid: UUID, name: 'box:root', devName: 'root_0' };

test('by its UUID in any writing, and by every name', async (t) => {
  for (const key of [
    ...[UUID, `UUID=${UUID}`, `md-uuid-${UUID}`, `/dev/disk/by-id/md-uuid-${UUID}`],
    ...[
      'md127',
      '/dev/md127',
      'box:root',
      'root',
      '/dev/md/root',
      'md/root',
      'root_0',
      '/dev/disk/by-id/md-name-box:root',
    ],
  ])
    t.ok(isCalled(key, ARRAY), key);
  t.ok(isCalled('/dev/md0', { ...ARRAY, name: 'box:0' }), 'a name that is a number');
});

test('by nothing else', async (t) => {
  for (const key of ['', 'md12', 'box', 'other:root', '11111111:22222222:33333333:44444445'])
    t.notOk(isCalled(key, ARRAY), key);
  t.notOk(isCalled('', { device: '', uuid: null, name: '', devName: null }), 'an array without any name');
});

test('the UUID in a key', async (t) => {
  t.equal(uuidInKey(`MD_UUID=${UUID}`), UUID);
  t.equal(uuidInKey('root'), null);
});
