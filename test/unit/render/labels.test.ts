import { test } from 'tap';
import { arrayLabel, diskLabel, nameLabel } from '../../../src/core/render/labels.ts';
import type { DiskIdentity } from '../../../src/core/watchlist/watchlist.ts';
import { watched } from '../../support/present-members.ts';

const NOTHING: DiskIdentity = { byId: null, model: null, serial: null, sizeBytes: null };

test('how a person knows a disk: model and serial, else whatever there is', async (t) => {
  const cases: readonly [disk: Partial<DiskIdentity>, has: readonly string[], hasNot: readonly string[]][] = [
    [{ model: 'WDC', serial: 'S1', byId: 'ata-1', sizeBytes: 5 }, ['WDC', 'S1'], ['ata-1', '5 B']],
    [{ model: 'WDC', byId: 'ata-1' }, ['WDC', 'ata-1'], []],
    [{ serial: 'S1', byId: 'ata-1' }, ['S1', 'ata-1'], []],
    [{ model: 'WDC' }, ['WDC'], ['(', 'serial']],
    [{ sizeBytes: 4_000_000_000_000 }, ['4.0 TB'], []],
    [{ byId: 'ata-1', sizeBytes: 1000 }, ['ata-1', '1.0 kB'], []],
  ];
  for (const [disk, has, hasNot] of cases) {
    const label = diskLabel({ ...NOTHING, ...disk });
    for (const word of has) t.ok(label.includes(word), `${label}: ${word}`);
    for (const word of hasNot) t.notOk(label.includes(word), `${label}: no ${word}`);
  }
  t.not(diskLabel(NOTHING), '');
});

test('sizes as disk makers count', async (t) => {
  const cases: readonly [bytes: number, label: string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_900, '99.9 kB'],
    [100_000, '100 kB'],
    [1e18, '1000 PB'],
  ];
  for (const [bytes, label] of cases) t.equal(diskLabel({ ...NOTHING, sizeBytes: bytes }), label);
});

test('what an array is called', async (t) => {
  t.equal(arrayLabel(watched([], { name: 'root' })), 'root');
  t.equal(arrayLabel(watched([], { name: '0' })), 'md0', 'the plain number that mdadm makes of it');
  t.equal(arrayLabel(watched([], { name: '' })), '734f71cb', 'the start of its UUID');
  t.equal(arrayLabel(watched([], { name: '\x1b' })), '\\x1b');
});

test('the plain number that mdadm gives for a name', async (t) => {
  t.same(
    ['0', '127', '00000', 'root', '\x1b[2J'].map((name) => nameLabel(name, 32)),
    ['md0', 'md127', '00000', 'root', '\\x1b[2J'],
  );
  t.equal(nameLabel('a'.repeat(40), 32).length, 32);
});
