import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { isBootHeld } from '../../../src/core/parse/systemd-jobs.ts';

/** Written down in a guest of Debian 13 while /home waited for its array: `systemctl list-jobs --plain --no-legend | cat`. */
const HELD = readFileSync(
  join(import.meta.dirname, '../../fixtures/recorded/systemd-trixie/list-jobs-home-waits.txt'),
  'utf8',
);

test('held: a target that others wait for waits, and so does a device', async (t) => {
  t.equal(isBootHeld(HELD), true);
  t.equal(isBootHeld(HELD.replaceAll(/(\.target +)start/g, '$1stop')), false);
  t.equal(isBootHeld(HELD.replaceAll(/(\.device +start) running/g, '$1 waiting')), false);
});

test('not held: only a nofail mount waits, or nothing does', async (t) => {
  const nofail = HELD.split('\n').filter((line) => !/ (local-fs|remote-fs|sysinit)\.target/.test(line));
  t.equal(isBootHeld(nofail.join('\n')), false);
  for (const text of ['', '\n', 'No jobs running.\n', 'x', ' 1 \n']) t.equal(isBootHeld(text), false);
});
