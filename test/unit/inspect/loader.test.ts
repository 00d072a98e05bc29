import { test } from 'tap';
import type { Esp, Start } from '../../../src/core/inspect/firmware.ts';
import { judgeLoader, type LoaderFacts } from '../../../src/core/inspect/loader.ts';

const on = (disk: string, passphrase = false) => ({
  disks: new Set([disk]),
  arrays: new Set<string>(),
  passphrase,
});
const facts = (more: Partial<LoaderFacts> = {}): LoaderFacts => ({
  ...{ place: '/boot', ways: [on('sda')], fsUuid: 'UUID-1', menuRoot: null },
  ...more,
});
const BIOS: Start = { loader: 'grub', esp: null, path: null, hasOther: false };
const espOf = (searches: string | null, entries: Esp['entries'] = []): Esp => ({
  ...{ device: 'sda1', disks: ['sda'], partUuid: null, entries },
  programs: new Map([['/grub.efi', { kind: 'grub', searches }]]),
});
const judged = (start: Start, known: LoaderFacts, ...gone: readonly string[]) =>
  judgeLoader(start, known, ({ disks }) => !gone.some((disk) => disks.has(disk))).map(
    ({ grade, code }) => `${grade} ${code}`,
  );

test('GRUB reads what is left of /boot', async (t) => {
  t.same(judged(BIOS, facts()), []);
  t.same(judged(BIOS, facts(), 'sda'), ['stop boot-gone']);
  t.same(judged(BIOS, facts({ ways: [on('sda'), on('sdb')] }), 'sda'), []);
  t.same(judged(BIOS, facts({ ways: null })), ['unknown boot-lost']);
  t.same(judged(BIOS, facts({ ways: [on('sda', true)] })), ['note asks-passphrase']);
});

test('GRUB that was installed for another file system stops', async (t) => {
  const start = (searches: string | null): Start => ({
    loader: 'grub',
    esp: espOf(searches),
    path: '/grub.efi',
    hasOther: false,
  });
  t.same(judged(start('uuid-1'), facts()), []);
  t.same(judged(start('uuid-2'), facts()), ['stop other-file-system']);
  t.same(judged(start(null), facts()), [], 'it does not say');
  t.same(judged(start('uuid-2'), facts({ fsUuid: null })), []);
});

test('a menu that looks for another root, or for one that is nowhere', async (t) => {
  t.same(judged(BIOS, facts({ menuRoot: { kind: 'gone', source: 'UUID=x' } })), ['stop menu-root-gone']);
  t.same(judged(BIOS, facts({ menuRoot: { kind: 'other', source: 'UUID=x' } })), ['unknown menu-root-other']);
});

test('systemd-boot has what is on its own partition', async (t) => {
  const start = (entries: Esp['entries']): Start => ({
    loader: 'systemd-boot',
    esp: espOf(null, entries),
    path: '/x',
    hasOther: true,
  });
  const [good, bad] = [
    { name: 'a.conf', missing: null },
    { name: 'b.conf', missing: '/linux' },
  ];
  t.same(judged(start([good]), facts(), 'sda'), [], '/boot is elsewhere');
  t.same(judged(start([good, bad]), facts()), ['note broken-entry']);
  t.same(judged(start([bad]), facts()), ['stop no-entries']);
  t.same(
    judged(start([]), facts()),
    ['unknown no-entries'],
    'they may be on an extended boot loader partition',
  );
});
