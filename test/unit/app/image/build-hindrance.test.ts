import { test } from 'tap';
import { readHindrance } from '../../../../src/app/image/build-hindrance.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const LOCKED = '1: FLOCK  ADVISORY  WRITE 9 fe:00:77 0 EOF\n';

function hindrance(
  texts: Readonly<Record<string, string>>,
  { size = '1000\n', free = '99999', inode = '77\n' } = {},
  isCopied = false,
) {
  const runner = answeringRunner(([program, , , what]) => {
    if (program === 'df') return { stdout: `H\n/dev/md0 1 1 ${free} 1% /boot\n` };
    return what === '%s' ? { stdout: size } : { stdout: inode };
  });
  const clock = { nowMs: () => 0, after: () => () => undefined };
  return readHindrance({ ...idleMachine(clock, new MemoryFiles(texts)), runner }, 'i', isCopied);
}

test('who holds the lock of a package manager', async (t) => {
  for (const path of ['dpkg/lock-frontend', 'dpkg/lock', 'apt/lists/lock', 'rpm/.rpm.lock']) {
    const texts = { [`/var/lib/${path}`]: '', '/proc/locks': LOCKED };
    t.equal(await hindrance(texts), 'package-manager', path);
    t.equal(await hindrance(texts, { inode: '78\n' }), null, 'another file is locked');
    t.equal(await hindrance({ ...texts, '/proc/locks': '' }), null, 'nobody holds it');
  }
});

test('another generator', async (t) => {
  for (const name of ['update-initramf', 'mkinitramfs', 'dracut'])
    t.equal(await hindrance({ '/proc/9/comm': `${name}\n` }), 'generator', name);
  t.equal(await hindrance({ '/proc/9/comm': 'dracut-less\n', '/proc/x/comm': 'dracut\n' }), null);
});

test('room; what cannot be measured is none', async (t) => {
  t.equal(await hindrance({}), null);
  t.equal(await hindrance({}, { free: '9' }), 'no-room');
  t.equal(await hindrance({}, { free: '-' }), 'no-room');
  t.equal(await hindrance({}, { size: '' }), 'no-room');
  t.equal(await hindrance({}, { size: `${60 * 1024 * 1024}\n` }), 'no-room', 'and no copy of it yet');
  t.equal(await hindrance({}, { size: `${60 * 1024 * 1024}\n` }, true), null);
});
