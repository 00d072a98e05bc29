import { test } from 'tap';
import { parseArrayState } from '../../../src/core/md/array-state.ts';

test('the state of an array is the first word that the kernel gives', async (t) => {
  t.equal(parseArrayState('clean\n'), 'clean');
  t.equal(parseArrayState('active-idle\n'), 'active-idle');
  t.equal(parseArrayState('active\nidle\n'), 'active', 'it turned to active-idle between two reads');
  t.equal(parseArrayState('frobnicated\n'), 'unknown');
  t.equal(parseArrayState(''), 'unknown');
});
