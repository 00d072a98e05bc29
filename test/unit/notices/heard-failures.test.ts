import { test } from 'tap';
import { happenings } from '../../../src/core/notices/happenings.ts';
import { parseHeardFailures, unseenFailures } from '../../../src/core/notices/heard-failures.ts';
import { survivesAnyText } from '../../support/any-text.ts';
import { mirror } from '../../support/notice-events.ts';

test('a failure in each line, and nothing else', async (t) => {
  t.same(
    parseHeardFailures('Fail md0 sdb1\nFail md_d0 8:17\nnonsense\nFail md0\nFail ../x sdb\n\nFail md1 sdc'),
    [
      { array: 'md0', member: 'sdb1' },
      { array: 'md_d0', member: '8:17' },
      { array: 'md1', member: 'sdc' },
    ],
  );
  t.equal(parseHeardFailures('Fail md0 sdb\n'.repeat(10_000)).length, 4096);
  survivesAnyText((text) => parseHeardFailures(text));
});

const SDB = { array: 'md0', member: 'sdb' };

test('what was heard and what the looks show is told once', async (t) => {
  for (const [before, now, told] of [
    ['in-sync', 'in-sync', { disks: ['/dev/sdb'], detail: 'back' }],
    ['in-sync', 'failed', null],
    ['in-sync', null, null],
    ['failed', 'failed', null],
    ['failed', null, null],
    ['in-sync', 'filling', { disks: ['/dev/sdb'], detail: '' }],
    [null, 'failed', null],
    // It was taken out before mdadm spoke, and a look told of that.
    [null, null, null],
    ['held', 'held', null],
    ['held', null, null],
    ['held', 'filling', null],
    ['spare', 'spare', { disks: ['/dev/sdb'], detail: '' }],
  ] as const) {
    const [was, is] = [[mirror('in-sync', before)], [mirror('in-sync', now)]];
    t.match(
      unseenFailures([SDB], was, is, happenings(was, is)),
      told === null ? [] : [{ kind: 'member-failed', ...told }],
      `${before} -> ${now}`,
    );
  }
});

test('an array that nobody has looked at before; one that is not there', async (t) => {
  const now = [mirror('in-sync', 'failed')];
  t.match(unseenFailures([SDB], [], now, []), [{ kind: 'member-failed', detail: '', disks: ['/dev/sdb'] }]);
  t.match(unseenFailures([{ ...SDB, member: 'sdx' }], [], now, []), [{ disks: ['/dev/sdx'], detail: '' }]);
  t.same(unseenFailures([{ ...SDB, array: 'md9' }], [], now, []), []);
});

test('a kernel name with a folder in it', async (t) => {
  const array = (state: 'in-sync' | 'failed') => ({
    ...mirror('in-sync', null),
    members: [{ id: 'd', disk: '/dev/cciss!c0d0p1, HP LOGICAL VOLUME', state }],
  });
  const heard = [{ array: 'md0', member: 'c0d0p1' }];
  t.match(unseenFailures(heard, [array('in-sync')], [array('in-sync')], []), [{ detail: 'back' }]);
  t.same(unseenFailures(heard, [array('failed')], [array('failed')], []), []);
});
