import t from 'tap';
import { DRACUT, INITRAMFS_TOOLS } from '../../../src/core/image/generator.ts';
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

t.test('dracut waits for root 180 s, or as long as rd.retry= says', async (t) => {
  const table: readonly (readonly [cmdline: string, patienceMs: number])[] = [
    ['root=/dev/md0 rootdelay=300', 180_000],
    ['rd.retry=30', 30_000],
    ['rd.retry=soon', 180_000],
  ];
  for (const [cmdline, patienceMs] of table)
    t.same(DRACUT.rootWait(parseKernelCmdline(cmdline)), { sleepMs: 0, patienceMs }, cmdline);
});

t.test(
  'dracut ends in its shell; with rd.shell=0 it powers off, or restarts with rd.emergency=reboot',
  async (t) => {
    const end = (cmdline: string) => DRACUT.failurePath(parseKernelCmdline(cmdline));
    t.same(end('quiet panic=10'), { kind: 'shell' });
    t.same(end('rd.shell=0'), { kind: 'power-off', why: 'rd.shell=0' });
    t.same(end('rd.shell=0 rd.emergency=halt'), { kind: 'power-off', why: 'rd.shell=0' });
    t.same(end('rd.shell=0 rd.break=mount'), { kind: 'shell' }, 'who breaks gets one all the same');
    t.same(end('rd.shell=0 rd.emergency=reboot'), { kind: 'restart', why: 'rd.emergency=reboot' });
  },
);
