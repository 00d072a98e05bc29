import { test } from 'tap';
import { denialSource } from '../../../src/core/configuration/shell-denial.ts';

test('what denies a shell, as a person would type it', async (t) => {
  t.equal(denialSource({ by: 'configuration' }), 'shell = "deny"');
  t.equal(denialSource({ by: 'kernel-argument', argument: 'panic=10' }), 'panic=10');
  t.equal(denialSource({ by: 'shell' }), 'reliable-raid start');
  t.equal(denialSource({ by: 'locked-root' }), 'root');
});
