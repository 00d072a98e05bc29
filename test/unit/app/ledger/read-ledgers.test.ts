import { test } from 'tap';
import { bootFilePath, readLedgers } from '../../../../src/app/ledger/read-ledgers.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { formatLedgerFile } from '../../../../src/core/ledger/ledger-file.ts';
import { formatLedgerText } from '../../../../src/core/ledger/ledger-text.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const mounts = (...points: readonly string[]) =>
  points
    .map((point, n) => `${n} 1 8:${n} / ${point} rw - ${point === '/auto' ? 'autofs' : 'vfat'} /dev/x rw\n`)
    .join('');
const PLACES = { stateFolder: '/var/lib/reliable-raid', bootFolders: ['/auto', '/boot/efi', '/boot'] };
const machineWith = (texts: Readonly<Record<string, string>>) => ({
  files: new MemoryFiles(texts),
  runner: answeringRunner(),
  paths: REAL_PATHS,
});

test('the copy beside the boot loader: the first folder that is mounted for good', async (t) => {
  const path = (...points: readonly string[]) =>
    bootFilePath(machineWith({ '/proc/self/mountinfo': mounts(...points) }), PLACES);
  t.equal(await path('/', '/boot', '/boot/efi'), '/boot/efi/reliable-raid/ledger');
  t.equal(await path('/', '/boot'), '/boot/reliable-raid/ledger');
  t.equal(await path('/', '/auto'), null, 'an automount that nobody has used');
  t.equal(await path('/'), null);
});

test('every place with what it knows, the most trusted first', async (t) => {
  const file = '/var/lib/reliable-raid/ledger.json';
  const boot = '/boot/reliable-raid/ledger';
  const known = async (texts: Readonly<Record<string, string>>) =>
    (await readLedgers(machineWith({ '/proc/self/mountinfo': mounts('/boot'), ...texts }), PLACES)).map(
      ({ name, state }) => `${name} ${state.kind}`,
    );
  t.same(await known({}), ['EFI variable none', `${file} empty`, `${boot} empty`]);
  t.same(
    await known({
      [file]: formatLedgerFile({ entries: [] }),
      [boot]: formatLedgerText({ entries: [] }, 999).text,
    }),
    ['EFI variable none', `${file} read`, `${boot} read`],
  );
  const denied = machineWith({ [file]: 'x' });
  denied.files.broken.set(file, { reason: 'denied', detail: 'EACCES' });
  const [, read] = await readLedgers(denied, PLACES);
  t.match(read, { name: file, state: { kind: 'denied', why: /as root/ } });
  t.same(await known({ [file]: '{', [boot]: 'x' }), [
    'EFI variable none',
    `${file} damaged`,
    `${boot} damaged`,
  ]);
});
