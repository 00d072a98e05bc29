import t from 'tap';
import { isRootLocked } from '../../../src/core/parse/shadow.ts';

t.test('root in shadow(5)', async (t) => {
  t.ok(isRootLocked('root:*:19000:0:99999:7:::\nuser:$6$a$b:19000:0:99999:7:::\n'));
  t.ok(isRootLocked('root:!:19000:0:99999:7:::\n'));
  t.ok(isRootLocked('root:!$6$a$b:19000:0:99999:7:::\n'), 'locked, though it has a password');
  t.notOk(isRootLocked('root:$6$a$b:19000:0:99999:7:::\n'));
  t.notOk(isRootLocked('root::19000:0:99999:7:::\n'), 'no password is asked for');
  t.notOk(isRootLocked('toor:!:19000::\nuser:!:19000::\n'));
  t.notOk(isRootLocked(''), 'sulogin opens one then');
});
