import { test } from 'tap';
import { parseMountinfo } from '../../../src/core/parse/mountinfo.ts';
import { isInitialNamespace, type WhoseRoot, whoseRoot } from '../../../src/core/topology/whose-root.ts';

const line = (device: string, root: string, place: string, fsType = 'ext4') =>
  `20 1 ${device} ${root} ${place} rw - ${fsType} /dev/x rw\n`;
const HOST = line('9:0', '/', '/');
const BTRFS = line('0:30', '/@', '/', 'btrfs');

const table: readonly (readonly [what: string, own: string, ofInit: string, whose: WhoseRoot])[] = [
  ['nobody tells', '', '', 'running'],
  ['the same', HOST, HOST, 'running'],
  ['process 1 is not told of', HOST, '', 'running'],
  ['another device', line('9:1', '/', '/'), HOST, 'chroot'],
  ['a folder that is no mount', line('0:5', '/', '/proc', 'proc'), HOST, 'folder'],
  ['a folder bound onto itself', line('9:0', '/srv/sid', '/'), HOST, 'folder'],
  ['a folder of another disk', line('9:1', '/srv/sid', '/'), HOST, 'folder'],
  ['another subvolume', line('0:30', '/@new', '/', 'btrfs'), BTRFS, 'chroot'],
  ['a folder of the subvolume', line('0:30', '/@/srv/sid', '/', 'btrfs'), BTRFS, 'folder'],
  ['a subvolume of another btrfs', line('0:31', '/@', '/', 'btrfs'), BTRFS, 'chroot'],
  ['memory', line('0:40', '/', '/', 'tmpfs'), HOST, 'chroot'],
];

for (const [what, own, ofInit, whose] of table)
  test(`our root: ${what}`, async (t) => {
    t.equal(whoseRoot(parseMountinfo(own), parseMountinfo(ofInit)), whose);
  });

test('the first process namespace has a fixed number', async (t) => {
  t.equal(isInitialNamespace('pid:[4026531836]'), true);
  t.equal(isInitialNamespace('pid:[4026532567]'), false);
  t.equal(isInitialNamespace(null), true, 'where nobody tells');
});
