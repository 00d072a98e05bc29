import t from 'tap';
import { INITRAMFS_TOOLS } from '../../../src/core/image/generator.ts';
import { parseKernelCmdline } from '../../../src/core/parse/kernel-cmdline.ts';

t.test(
  'initramfs-tools waits for root 30 s, or as long as rootdelay= says, which it sleeps first',
  async (t) => {
    const table: readonly (readonly [cmdline: string, sleepMs: number, patienceMs: number])[] = [
      ['root=/dev/md0', 0, 30_000],
      ['rootdelay=5', 5_000, 30_000],
      ['rootdelay=5 rootdelay=90', 90_000, 90_000],
      ['rootdelay=soon', 0, 30_000],
      ['rootdelay', 0, 30_000],
    ];
    for (const [cmdline, sleepMs, patienceMs] of table)
      t.same(INITRAMFS_TOOLS.rootWait(parseKernelCmdline(cmdline)), { sleepMs, patienceMs }, cmdline);
  },
);

t.test('initramfs-tools ends in its shell, or restarts with panic=', async (t) => {
  const end = (cmdline: string) => INITRAMFS_TOOLS.failurePath(parseKernelCmdline(cmdline));
  t.same(end('quiet'), { kind: 'shell' });
  t.same(end('panic=10'), { kind: 'restart', why: 'panic=10' });
});
