import { test } from 'tap';
import { readMenuRoot } from '../../../../src/app/inspect/menu-root.ts';
import { buildBlockGraph } from '../../../../src/core/topology/build-block-graph.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { device, NO_FACTS } from '../../../support/block-devices.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const devices = {
  ...NO_FACTS,
  devices: [
    device('sda', { majorMinor: '8:0' }),
    device('md0', { type: 'raid1', parent: 'sda', uuid: 'now', majorMinor: '9:0' }),
    device('md1', { type: 'raid1', parent: 'sda', uuid: 'former', majorMinor: '9:1' }),
  ],
};
const graph = buildBlockGraph(devices);

/** What is said of a menu whose entries have these words; blkid knows of one more file system. */
async function menuRoot(words: readonly string[], ids: readonly string[] = ['md0']) {
  const entries = words.map((one) => `linux /boot/vmlinuz-6.1 ${one}\n`).join('');
  const files = new MemoryFiles({
    '/boot/vmlinuz-6.1': '',
    '/boot/grub/grub.cfg': `${entries}linux /vmlinuz-other root=UUID=of-another-system\n`,
  });
  files.numbers.set('/dev/mapper/root', '9:0');
  files.numbers.set('/dev/sda', '8:0');
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const runner = answeringRunner(([program]) =>
    program === 'blkid' ? { stdout: 'DEVNAME=/dev/sda\nUUID=late\nTYPE=ext4\n' } : { status: 1 },
  );
  const machine = { ...idleMachine(clock, files), runner };
  return readMenuRoot(machine, '', { devices, graph, roots: [{ name: '/', ids, source: '', lost: [] }] });
}

test('a menu that means the root of now', async (t) => {
  t.equal(await menuRoot(['ro root=UUID=NOW quiet']), null);
  t.equal(await menuRoot(['root=/dev/mapper/root']), null, 'by another name');
  t.equal(await menuRoot(['root=UUID=gone', 'root=UUID=now']), null, 'nobody knows which one boots');
});

test('a menu that means something else, or nothing', async (t) => {
  t.same(await menuRoot(['root=UUID=gone', 'root=UUID=gone single']), { kind: 'gone', source: 'UUID=gone' });
  t.same(await menuRoot(['root=/dev/mapper/former']), { kind: 'gone', source: '/dev/mapper/former' });
  t.same(await menuRoot(['root=UUID=former']), { kind: 'other', source: 'UUID=former' });
  t.same(await menuRoot(['root=UUID=late']), { kind: 'other', source: 'UUID=late' }, 'only blkid knows it');
});

test('what cannot be told from the menu', async (t) => {
  t.equal(await menuRoot([]), null, 'no entry of this system');
  t.equal(await menuRoot(['ro']), null);
  t.equal(await menuRoot(['root=$root']), null);
  t.equal(await menuRoot(['root=ZFS=tank']), null);
  t.equal(await menuRoot(['root=UUID=gone'], []), null, 'root itself is not known');
});
