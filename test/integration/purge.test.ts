// The package's own script, in a tree of its own, with the shell that dpkg uses.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Test, test } from 'tap';
import { VARIABLE_NAME } from '../../src/app/ledger/efi-variable.ts';
import { REAL_PATHS } from '../../src/app/machine.ts';
import { bootLedgerPath, etcFolder, ledgerFilePath, ledgerPlaces } from '../../src/app/own-places.ts';
import { ROOT } from '../../tools/project.ts';

const POSTRM = join(ROOT, 'packaging/debian/reliable-raid.postrm');
const PLACES = ledgerPlaces(REAL_PATHS);
const VARIABLE = `/sys/firmware/efi/efivars/${VARIABLE_NAME}`;

/** Everything of ours that can be on a machine. */
const OURS = [
  `${etcFolder(REAL_PATHS)}/config.toml`,
  `${etcFolder(REAL_PATHS)}/config.d/10.toml`,
  ledgerFilePath(PLACES),
  ...PLACES.bootFolders.map(bootLedgerPath),
  VARIABLE,
];
const OTHERS = [
  '/etc/mdadm/mdadm.conf',
  '/boot/vmlinuz',
  '/boot/efi/EFI/debian/grubx64.efi',
  '/sys/firmware/efi/efivars/BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c',
];

function tree(t: Test, paths: readonly string[]) {
  const root = t.testdir({});
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x');
  }
  const bin = join(root, 'test-bin');
  mkdirSync(bin);
  // The flag of efivarfs is no flag of the test's file system.
  writeFileSync(join(bin, 'chattr'), `#!/bin/sh\necho "$@" >>${root}/test-bin/asked\n`);
  chmodSync(join(bin, 'chattr'), 0o755);
  const run = (act: string) =>
    spawnSync('dash', [POSTRM, act], {
      encoding: 'utf8',
      env: { DPKG_ROOT: root, PATH: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin` },
    });
  const left = () => [...OURS, ...OTHERS].filter((path) => existsSync(join(root, path)));
  return { root, run, left, bin };
}

const hasDash = spawnSync('dash', ['-c', ':']).status === 0;

test('a purge takes away all that is ours, and says so in one line', { skip: !hasDash }, async (t) => {
  const { run, left, bin, root } = tree(t, [...OURS, ...OTHERS]);
  t.match(run('remove'), { status: 0, stdout: '', stderr: '' });
  t.same(left(), [...OURS, ...OTHERS], 'only a purge does');
  t.match(run('purge'), {
    status: 0,
    stdout: `reliable-raid: removed /etc/reliable-raid, /var/lib/reliable-raid, /boot/efi/reliable-raid, /efi/reliable-raid, /boot/reliable-raid, EFI variable ${VARIABLE_NAME}\n`,
    stderr: '',
  });
  t.same(left(), OTHERS);
  t.same(readdirSync(bin).sort(), ['asked', 'chattr'], 'the immutable flag was taken off');
  t.same(readdirSync(join(root, 'boot')).sort(), ['efi', 'vmlinuz']);
});

test('where nothing is, nothing is said', { skip: !hasDash }, async (t) => {
  const { run, left } = tree(t, OTHERS);
  t.match(run('purge'), { status: 0, stdout: '', stderr: '' });
  t.same(left(), OTHERS);
});
