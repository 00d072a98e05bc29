import { test } from 'tap';
import { listOfNextBoot } from '../../../../src/app/inspect/list-of-next-boot.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { IMAGE, listOf, watchedArray } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const NOW_SEEN = watchedArray([
  [0, 70, true],
  [1, 20, false],
]);
const KEPT = { '/var/lib/reliable-raid/watchlist.json': formatWatchlist(listOf(IMAGE)) };
const FIRMWARE = { '/sys/firmware/efi/efivars/BootOrder-1': 'x' };

async function members(texts: Readonly<Record<string, string>>) {
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const machine = { ...idleMachine(clock, new MemoryFiles(texts)), runner: answeringRunner(() => ({})) };
  return (await listOfNextBoot(machine, listOf(NOW_SEEN))).arrays[0]?.members;
}

test('firmware remembers what is seen now; without it the boot has what its image got', async (t) => {
  t.same(await members({ ...KEPT, ...FIRMWARE }), NOW_SEEN.members);
  t.same(await members(KEPT), IMAGE.members);
});

test('nothing is made up where no copy of the list was kept', async (t) => {
  t.same(await members({}), NOW_SEEN.members);
  t.same(await members({ '/var/lib/reliable-raid/watchlist.json': 'torn' }), NOW_SEEN.members);
});
