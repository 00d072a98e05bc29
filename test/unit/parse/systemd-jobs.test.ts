import { test } from 'tap';
import { isBootHeld } from '../../../src/core/parse/systemd-jobs.ts';

/** As systemd 257 prints it (--plain --no-legend) while /home waits for its array. */
const HELD = `91 local-fs.target start waiting
  1 multi-user.target start waiting
 92 home.mount start waiting
 93 dev-disk-by\\x2duuid-6f2b.device start running
  3 sysinit.target start waiting
`;

test('held: a target that others wait for waits, and so does a device', async (t) => {
  t.equal(isBootHeld(HELD), true);
  t.equal(isBootHeld(HELD.replaceAll(/(local-fs|sysinit).target start/g, '$1.target stop')), false);
  t.equal(isBootHeld(HELD.replace('.device start running', '.device start waiting')), false);
});

test('not held: only a nofail mount waits, or nothing does', async (t) => {
  const nofail = HELD.split('\n').filter((line) => !/local-fs|sysinit/.test(line));
  t.equal(isBootHeld(nofail.join('\n')), false);
  for (const text of ['', '\n', 'No jobs running.\n', 'x', ' 1 \n']) t.equal(isBootHeld(text), false);
});
