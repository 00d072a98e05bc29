import { test } from 'tap';
import { arrayWords, diskWords, eventWords } from '../../../../src/core/render/notices/event-words.ts';
import { fault } from '../../../support/notice-events.ts';
import { ROOT } from '../../../support/status-machines.ts';

const called = (name: string, device: string | null) =>
  arrayWords(fault('degraded', { array: { uuid: ROOT, name, device } }));

test('an array by its name and device', async (t) => {
  t.equal(called('root', 'md0'), 'array root (md0)');
  t.equal(called('md0', 'md0'), 'array md0');
  t.equal(called('', null), 'array 734f71cb');
  t.equal(called('root', null), 'array root');
  t.equal(arrayWords(fault('image-outdated', { array: null })), 'this machine');
});

test('a command line takes nothing from a disk but a kernel name', async (t) => {
  const held = (disk: string) =>
    eventWords({ how: 'new', event: fault('member-held', { disks: [disk] }) }).next;
  t.match(held('/dev/sdb2, WDC'), /readd \/dev\/sdb2$/);
  t.match(held('/dev/$(reboot), x'), /readd \/dev\/DISK$/);
  t.match(held('WDC; reboot'), /readd \/dev\/DISK$/);
});

test('disks are named, a few of many', async (t) => {
  t.equal(diskWords(fault('degraded', { disks: ['a', 'b'] })), 'a and b');
  t.equal(diskWords(fault('degraded', { disks: ['1', '2', '3', '4', '5', '6'] })), '1, 2, 3, 4 and 2 more');
});

test('a disk that failed and is back is not to be replaced at once', async (t) => {
  const failed = (detail: string) =>
    eventWords({
      how: 'new',
      event: { ...fault('degraded', { detail, disks: ['/dev/sdb1'] }), kind: 'member-failed' },
    });
  t.match(failed(''), { what: 'md has failed a disk of array root (md0).', next: /--remove \/dev\/sdb1$/ });
  t.match(failed('back'), { what: /in sync again\.$/, next: /^If it happens again/ });
});

test('an array that is gone is not called complete', async (t) => {
  const healed = (detail: string) => eventWords({ how: 'healed', event: fault('degraded', { detail }) }).what;
  t.equal(healed(''), 'array root (md0) is complete again.');
  t.equal(healed('not there'), 'array root (md0) is not there any more.');
});
