import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { outsideTheUnit } from '../../../../src/app/notices/outside-the-unit.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const started = async (cgroup: string) => {
  const files = new MemoryFiles({ '/proc/self/cgroup': cgroup });
  return (await outsideTheUnit({ files, paths: REAL_PATHS }, 20_000))(['sendmail', '-t']);
};

test('from our unit in a unit of its own, from anywhere else as it is', async (t) => {
  t.same(await started('0::/user.slice/user-0.slice/session-1.scope\n'), ['sendmail', '-t']);
  t.same(await started('0::/system.slice/x-reliable-raid-notify.service/y.scope\n'), ['sendmail', '-t']);
  for (const cgroup of [
    '0::/system.slice/reliable-raid-notify.service\n',
    '12:pids:/system.slice/reliable-raid-notify.service\n1:name=systemd:/x\n',
  ]) {
    const argv = await started(cgroup);
    t.same([argv[0], ...argv.slice(-3)], ['systemd-run', '--', 'sendmail', '-t']);
    t.ok(argv.includes('--property=RuntimeMaxSec=20'));
  }
});
