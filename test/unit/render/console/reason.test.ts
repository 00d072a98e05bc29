import { test } from 'tap';
import { reasonWords } from '../../../../src/core/render/console/reason.ts';
import type { ExternalDisks, UnsafeReason } from '../../../../src/core/verdict/verdict.ts';

const WRITTEN_MS = Date.UTC(2023, 10, 14, 22, 14);

test('the facts of each reason are in its words', async (t) => {
  const cases: readonly [reason: UnsafeReason, words: RegExp][] = [
    [{ code: 'dirty-degraded' }, /parity/],
    [{ code: 'journal-missing' }, /journal/],
    [{ code: 'reshape' }, /reshape/],
    [{ code: 'unknown-level', level: -7 }, /-7/],
    [
      {
        code: 'split-brain',
        members: [
          { device: 'sda1', role: 0, writtenMs: WRITTEN_MS },
          { device: 'sdb1', role: 1, writtenMs: WRITTEN_MS },
        ],
      },
      /^sda1 \(role 0, last written 2023-11-14 22:14 UTC\) and sdb1 \(role 1, .*\) were each used without the other$/,
    ],
    [
      { code: 'split-brain', members: [{ device: 'sda1', role: 3, writtenMs: WRITTEN_MS }] },
      /role 3 .* 2023-11-14 22:14 UTC/,
    ],
    [
      { code: 'stale', writtenMs: WRITTEN_MS, behind: 40, newer: { writtenMs: WRITTEN_MS + 60_000 } },
      /^this copy is from 2023-11-14 22:14 UTC, 40 events behind one from 2023-11-14 22:15 UTC/,
    ],
    [
      { code: 'stale', writtenMs: WRITTEN_MS, behind: 40, newer: { device: 'sdc', role: 'spare' } },
      /40 events behind its spare sdc$/,
    ],
    [
      { code: 'duplicate-members', devices: ['sda', 'sdb'], role: 0, disk: 'wwn' },
      /^sda and sdb .*two paths to one disk \(wwn\)/,
    ],
    [
      { code: 'duplicate-members', devices: ['sda', 'sdb'], role: 4, disk: null },
      /^sda and sdb both say they are the member of role 4$/,
    ],
  ];
  for (const [reason, words] of cases) t.match(reasonWords(reason), words, reason.code);
});

test('a container: what its disks say, and how it is started', async (t) => {
  const volume = {
    ...{ kind: 'degraded', level: 5, slotCount: 3, missingSlots: [2], knownMissing: [], outdated: [] },
  } as unknown as NonNullable<ExternalDisks['volume']>;
  const words = (disks: Partial<ExternalDisks> | null) =>
    reasonWords({
      ...{ code: 'external-metadata', metadata: 'imsm' },
      disks: disks === null ? null : { unread: [], silent: [], volume: null, container: null, ...disks },
    });
  t.match(words(null), /^imsm .* only$/);
  t.match(words({ unread: ['sda', 'sdb'] }), /sda and sdb$/);
  t.match(words({ silent: ['sda', 'sdb', 'sdc', 'sdd'] }), /^sda, sdb, sdc and 1 more of its container/);
  t.match(words({ volume }), /^2 of 3 disks .*--incremental --run CONTAINER/);
  t.match(
    words({ volume: { ...volume, kind: 'complete' }, container: 'md127' }),
    /--incremental \/dev\/md127/,
  );
  t.match(words({ volume: { ...volume, outdated: ['sdd'] }, unread: ['sde'] }), /sdd.*sde/);
  t.notMatch(words({ volume: { ...volume, kind: 'insufficient' } }), '--incremental');
  t.match(words({ volume: { ...volume, kind: 'dirty-degraded' } }), /parity/);
});

test('texts from disks are escaped', async (t) => {
  const evil = '\u001b[2J\u009b';
  for (const reason of [
    { code: 'duplicate-members', devices: [evil, evil], role: 0, disk: evil },
    { code: 'stale', writtenMs: 0, behind: 1, newer: { device: evil, role: 'journal' } },
    { code: 'split-brain', members: [0, 1].map((role) => ({ device: evil, role, writtenMs: 0 })) },
    {
      code: 'external-metadata',
      metadata: 'ddf',
      disks: { unread: [evil], silent: [], volume: null, container: evil },
    },
  ] satisfies readonly UnsafeReason[])
    t.match(reasonWords(reason), /^[ -~]+$/, reason.code);
});
