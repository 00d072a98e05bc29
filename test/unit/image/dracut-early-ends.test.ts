import t from 'tap';
import { dracutEarlyEnds } from '../../../src/core/image/dracut-early-ends.ts';
import { parseCrypttab } from '../../../src/core/parse/crypttab.ts';
import { parseKernelCmdline } from '../../../src/core/parse/kernel-cmdline.ts';

const ends = (cmdline: string, crypttab = '', dropIn = '') =>
  dracutEarlyEnds({
    cmdline: parseKernelCmdline(cmdline),
    crypttab: parseCrypttab(crypttab).entries,
    crypttabAt: '/etc/crypttab',
    dropIns: [{ path: 'etc/systemd/system/a.device.d/b.conf', text: dropIn }],
  }).map(({ what, afterMs }) => `${what}: ${afterMs}`);

t.test('rd.timeout=, unless it is none', async (t) => {
  t.same(ends('rd.timeout=60'), ['rd.timeout=60 on the kernel command line: 60000']);
  t.same(ends('rd.timeout=60 rd.timeout=2min'), ['rd.timeout=2min on the kernel command line: 120000']);
  for (const none of [
    'quiet',
    'rd.timeout=0',
    'rd.timeout=infinity',
    'rd.timeout=soon',
    'rd.retry=5',
    'rd.timeout',
  ])
    t.same(ends(none), [], none);
});

t.test('the time-out of a mapping that crypttab names', async (t) => {
  t.same(ends('', '# a\nroot UUID=x none luks,x-systemd.device-timeout=1m\nhome UUID=y none timeout=5\n'), [
    'x-systemd.device-timeout=1m of root (/etc/crypttab:2): 60000',
  ]);
});

t.test('settings for a device in the image: the shortest of each file', async (t) => {
  const text =
    '[Unit]\n# JobTimeoutSec=1\nJobTimeoutSec=9\n JobRunningTimeoutSec = 8s \nJobTimeoutAction=reboot\n';
  t.same(ends('', '', text), [
    "JobRunningTimeoutSec=8s of the image's etc/systemd/system/a.device.d/b.conf: 8000",
  ]);
  t.same(ends('', '', 'JobTimeoutSec=infinity\nJobRunningTimeoutSec=0\n'), []);
});
