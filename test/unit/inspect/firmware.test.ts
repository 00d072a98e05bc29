import { test } from 'tap';
import {
  type BiosDisk,
  type Esp,
  type FirmwareFacts,
  judgeFirmware,
} from '../../../src/core/inspect/firmware.ts';
import type { BootEntry } from '../../../src/core/parse/efi-boot.ts';
import type { LoaderKind } from '../../../src/core/parse/loader-code.ts';

const REMOVABLE = '/efi/boot/bootx64.efi';
const GRUB = '/efi/debian/grubx64.efi';

function espOf(disk: string, programs: Readonly<Record<string, LoaderKind>> | null): Esp {
  const known = Object.entries(programs ?? {}).map(
    ([path, kind]) => [path, { kind, searches: null }] as const,
  );
  return {
    ...{ device: `${disk}1`, disks: [disk], partUuid: `uuid-${disk}`, entries: [] },
    programs: programs === null ? null : new Map(known),
  };
}
const entryOf = (
  disk: string,
  path: string | null = '/EFI/debian/grubx64.efi',
  isActive = true,
): BootEntry => ({
  ...{ number: '0001', description: disk, isActive },
  target: disk === 'net' ? { kind: 'other' } : { kind: 'partition', partUuid: `UUID-${disk}`, path },
});
const entryTo = (kind: 'disk' | 'firmware'): BootEntry => ({
  ...{ number: '0002', description: kind, isActive: true, target: { kind } },
});
const efi = (entries: readonly BootEntry[] | null, ...esps: readonly Esp[]): FirmwareFacts => ({
  ...{ kind: 'efi', entries, esps, removablePath: REMOVABLE },
});
const bios = (...codes: readonly BiosDisk['code'][]): FirmwareFacts => ({
  kind: 'bios',
  disks: codes.map((code, n) => ({ device: `sd${'abc'[n]}`, code })),
});
const judged = (facts: FirmwareFacts, ...taken: readonly string[]) => {
  const { start, findings } = judgeFirmware(facts, new Set(taken));
  return [
    start?.esp?.device ?? start?.loader ?? null,
    ...findings.map(({ grade, code }) => `${grade} ${code}`),
  ];
};

test('an ESP on one disk alone: without it nothing starts', async (t) => {
  const facts = efi([entryOf('sda')], espOf('sda', { [GRUB]: 'grub' }), espOf('sdb', {}));
  t.same(judged(facts), ['sda1']);
  t.same(judged(facts, 'sdb'), ['sda1']);
  t.same(judged(facts, 'sda'), [null, 'stop no-loader']);
  t.match(judgeFirmware(facts, new Set(['sda'])).findings, [{ hint: { loader: 'grub', devices: ['sdb1'] } }]);
});

test('an entry for each disk, and entries that lead nowhere', async (t) => {
  const both = [espOf('sda', { [GRUB]: 'grub' }), espOf('sdb', { [GRUB]: 'grub' })];
  t.same(judged(efi([entryOf('sda'), entryOf('sdb')], ...both), 'sda'), ['sdb1']);
  t.same(judged(efi([entryOf('sda', GRUB, false), entryOf('sdb')], ...both)), ['sdb1'], 'not active');
  t.same(judged(efi([entryOf('sda', '/gone.efi'), entryOf('sdb')], ...both)), ['sdb1'], 'no such file');
  t.same(judged(efi([entryOf('sda')], espOf('sda', {}))), [null, 'stop no-loader'], 'wiped');
});

test('the removable-media path is the fallback, and is said', async (t) => {
  const facts = efi(
    [entryOf('sda')],
    espOf('sda', { [GRUB]: 'grub' }),
    espOf('sdb', { [REMOVABLE]: 'systemd-boot' }),
  );
  t.same(judged(facts, 'sda'), ['sdb1', 'note removable-path']);
  const whole = efi([entryOf('sda', null)], espOf('sda', { [REMOVABLE]: 'grub' }));
  t.same(judged(whole), ['sda1'], 'an entry without a file means it');
});

test("entries for whole disks and the firmware's own programs start nothing that is not on an ESP", async (t) => {
  const own = [entryTo('firmware'), entryTo('disk')];
  const one = espOf('sda', { [GRUB]: 'grub' });
  t.same(judged(efi([...own, entryOf('sda')], one, espOf('sdb', {})), 'sda'), [null, 'stop no-loader']);
  t.same(judged(efi(own, espOf('sda', { [REMOVABLE]: 'grub' }))), ['sda1', 'note removable-path']);
  const facts = efi([entryOf('sda'), entryOf('net')], one, espOf('sdb', {}));
  t.match(judgeFirmware(facts, new Set(['sda'])).findings, [
    { grade: 'unknown', code: 'other-entries', hint: { loader: 'grub', devices: ['sdb1'] } },
  ]);
});

test('another ESP has the kernels, gone or not', async (t) => {
  const SD = '/efi/systemd/systemd-bootx64.efi';
  const on = (disk: string, entries: Esp['entries']): Esp => ({
    ...espOf(disk, { [SD]: 'systemd-boot' }),
    entries,
  });
  const whole = [{ name: 'debian.conf', missing: null }];
  const entries = [entryOf('sda', SD), entryOf('sdb', SD)];
  const startOf = (taken: string, ...esps: readonly Esp[]) =>
    judgeFirmware(efi(entries, ...esps), new Set([taken])).start;
  t.match(startOf('sda', on('sda', whole), on('sdb', [])), { hasOther: true });
  t.match(startOf('sda', on('sda', []), on('sdb', whole)), { hasOther: false });
  t.match(startOf('', on('sda', whole), on('sdb', [{ name: 'x', missing: '/linux' }])), { hasOther: false });
});

test('shim starts the GRUB beside it; without one it is unknown', async (t) => {
  const SHIM = '/efi/debian/shimx64.efi';
  t.match(
    judgeFirmware(efi([entryOf('sda', SHIM)], espOf('sda', { [SHIM]: 'shim', [GRUB]: 'grub' })), new Set())
      .start,
    { loader: 'grub', path: GRUB },
  );
  t.same(judged(efi([entryOf('sda', SHIM)], espOf('sda', { [SHIM]: 'shim' }))), [
    null,
    'unknown other-loader',
  ]);
});

test('what nobody can tell is never fine', async (t) => {
  t.same(judged(efi(null, espOf('sda', { [GRUB]: 'grub' }))), [null, 'unknown no-variables']);
  t.same(judged(efi([entryOf('sda')], espOf('sda', { [GRUB]: 'other' }))), [null, 'unknown other-loader']);
  t.same(judged(efi([entryOf('sda')], espOf('sda', null))), [null, 'unknown unread']);
  t.same(judged(efi([entryOf('net')])), [null, 'unknown other-entries']);
  t.same(judged(bios('other')), [null, 'unknown other-loader']);
  t.same(judged(bios('unread', 'none')), [null, 'unknown unread']);
  t.same(judged(bios('none')), [null, 'unknown no-loader'], 'started by the network, or a host');
});

test('BIOS: boot code on one disk, on both, and broken', async (t) => {
  t.same(judged(bios('grub', 'none')), ['grub']);
  t.same(judged(bios('grub', 'none'), 'sda'), [null, 'stop no-loader']);
  t.same(judged(bios('grub', 'grub'), 'sda'), ['grub']);
  t.same(judged(bios('grub', 'no-core')), ['grub', 'note no-core']);
  t.same(judged(bios('grub', 'no-core'), 'sda'), [null, 'note no-core', 'stop no-loader']);
});

test('BIOS: a core image that is not the one of the modules', (t) => {
  const judgedOf = (taken: string, ...codes: readonly BiosDisk['code'][]) => {
    const { start, findings } = judgeFirmware(
      bios(...codes),
      new Set([taken]),
      new Set(['sda', 'sdb', 'sdc']),
    );
    return [start?.loader ?? null, ...findings.map(({ grade, code }) => `${grade} ${code}`)];
  };
  t.same(judgedOf('', 'grub', 'other-core'), ['grub', 'note other-core'], 'it was started just now');
  t.same(judgedOf('sda', 'grub', 'other-core'), ['grub', 'unknown other-core']);
  t.same(judgedOf('sdb', 'grub', 'other-core'), ['grub']);
  t.same(judgedOf('', 'other-core', 'other-core'), ['grub', 'unknown other-core']);
  t.same(judgedOf('sda', 'grub', 'grub', 'other-core'), ['grub', 'unknown other-core'], 'or the third one');
  // A disk of another system: nobody is told to install GRUB there.
  t.same(judgedOf('sda', 'grub', 'grub', 'none', 'other-core'), ['grub']);
  t.same(judgedOf('sda', 'grub', 'none', 'none', 'other-core'), [null, 'unknown other-loader']);
  t.end();
});

test('BIOS may come first to a boot sector without a program', async (t) => {
  const judgedOf = (taken: string, ofBoot: readonly string[], ...codes: readonly BiosDisk['code'][]) =>
    judgeFirmware(bios(...codes), new Set([taken]), new Set(ofBoot));
  const all = ['sda', 'sdb', 'sdc'];
  t.match(judgedOf('sda', all, 'grub', 'empty', 'grub'), {
    start: { loader: 'grub' },
    findings: [{ grade: 'unknown', code: 'empty-sector', devices: ['sdb'] }],
  });
  t.same(judgedOf('sdb', all, 'grub', 'empty', 'grub').findings, [], 'the one that starts it may still do');
  t.same(judgedOf('', all, 'empty', 'grub', 'grub').findings, [], 'so it was started just now');
  t.same(judgedOf('sda', ['sda', 'sdc'], 'grub', 'empty', 'grub').findings, [], 'a disk for data');
  t.same(judgedOf('sda', all, 'grub', 'none', 'grub').findings, [], 'it is not marked as startable');
  t.match(judgedOf('sda', all, 'grub', 'empty').findings, [{ grade: 'stop', code: 'no-loader' }]);
});
