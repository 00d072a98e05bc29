import fc from 'fast-check';
import { test } from 'tap';
import { parseSuperblock } from '../../../src/core/md/parse-superblock.ts';
import type { Metadata, Superblock } from '../../../src/core/md/superblock.ts';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import type { WatchedArray } from '../../../src/core/watchlist/watchlist.ts';
import { encode0, encode1 } from '../../support/encode-superblock.ts';
import { type RecordedMember, type RecordedSet, recordings } from '../../support/recorded-superblocks.ts';

const LEVELS: Readonly<Record<string, number>> = {
  raid0: 0,
  raid1: 1,
  raid4: 4,
  raid5: 5,
  raid6: 6,
  raid10: 10,
};

const parsed = ({ caseName, device, metadata, bytes, deviceBytes }: RecordedMember): Superblock => {
  const result = parseSuperblock(metadata, bytes, deviceBytes);
  if (!result.ok) throw new Error(`${caseName} ${device}: ${result.why}`);
  return result.value;
};

/** The facts of `mdadm --examine` in our words. */
function wordsOfMdadm({ examined, metadata }: RecordedMember) {
  const field = (name: string): string =>
    new RegExp(`^ *${name} : (.*)$`, 'm').exec(examined)?.[1]?.trim() ?? '';
  const features = Number(field('Feature Map') || 0);
  const old = metadata === '0.90';
  const recovery = field('Recovery Offset');
  return {
    version: field('Version').replace(/^0\.9.*/, '0.90'),
    arrayUuid: old ? field('UUID').slice(0, 35) : field('Array UUID'),
    deviceUuid: old ? null : field('Device UUID'),
    name: old ? field('Preferred Minor') : field('Name').replace(/ +\(.*/, ''),
    level: LEVELS[field('Raid Level')],
    raidDevices: Number(field('Raid Devices')),
    chunkBytes: field('Chunk Size') === '' ? null : Number.parseInt(field('Chunk Size'), 10) * 1024,
    events: Number(field('Events')),
    updateTimeMs: Date.parse(`${field('Update Time')} UTC`),
    clean: field('State') === 'clean' || (features & (1024 + 2048)) !== 0,
    hasBitmap: field('Internal Bitmap') !== '',
    needsJournal: (features & 512) !== 0,
    reshaping: field("Reshape pos'n") !== '',
    recoveryOffsetSectors: recovery === '' ? null : Number.parseInt(recovery, 10),
    role: old ? oldRole(examined) : newRole(field('Device Role')),
    state: old ? null : field('Array State').replace(/ .*/, ''),
  };
}

function newRole(text: string): string {
  const slot = /(?:Active|Replacement) device (\d+)/.exec(text)?.[1];
  return slot ?? text.toLowerCase();
}

/** The line `this  NUMBER MAJOR MINOR RAIDDEVICE STATE`. */
function oldRole(examined: string): string {
  const [, slot = '', state = ''] = /^this +\d+ +\d+ +\d+ +(\d+) +(.*)$/m.exec(examined) ?? [];
  return state.includes('active sync') ? slot : state.startsWith('faulty') ? 'faulty' : 'spare';
}

const STATE_LETTER = { active: 'A', missing: '.', replacing: 'R' } as const;

for (const { suite, members, sets } of recordings()) {
  test(`${suite}: every superblock as mdadm --examine reads it`, async (t) => {
    t.ok(members.length > 100, `${members.length} superblocks`);
    for (const member of members) {
      const superblock = parsed(member);
      const words = wordsOfMdadm(member);
      const old = member.metadata === '0.90';
      t.strictSame(
        {
          version: superblock.metadata,
          arrayUuid: superblock.arrayUuid,
          deviceUuid: old ? null : superblock.deviceUuid,
          name: superblock.name,
          level: superblock.level,
          raidDevices: superblock.raidDevices,
          chunkBytes: words.chunkBytes === null ? null : superblock.chunkBytes,
          events: superblock.events,
          updateTimeMs: superblock.updateTimeMs,
          clean: superblock.clean,
          hasBitmap: superblock.hasBitmap,
          needsJournal: superblock.needsJournal,
          reshaping: superblock.reshaping,
          recoveryOffsetSectors: superblock.recoveryOffsetSectors,
          role: String(superblock.role),
          state: old ? null : superblock.slots.map((slot) => STATE_LETTER[slot]).join(''),
        },
        words,
        `${member.caseName} ${member.device}`,
      );
    }
  });

  test(`${suite}: what mdadm would not start, and what only we refuse`, async (t) => {
    for (const set of sets) {
      const verdict = verdictOf(set, members);
      const title = `${set.caseName} ${set.devices.join(',')}: mdadm ${set.started}, we ${verdict}`;
      const weStart = verdict === 'complete' || verdict === 'startable';
      if (set.started === 'no' || set.started === 'none') t.notOk(weStart, title);
      else t.equal(verdict, stricter(set) ?? (weStart ? verdict : 'complete or startable'), title);
    }
  });
}

function verdictOf({ caseName, devices }: RecordedSet, members: readonly RecordedMember[]): string {
  const present = members
    .filter((member) => member.caseName === caseName && devices.includes(member.device))
    .map((member) => ({ device: member.device, superblock: parsed(member), boundTo: null, faulty: false }));
  const watched = { uuid: present[0]?.superblock.arrayUuid, raidDevices: 2, metadata: '1.2', members: [] };
  const verdict = judgeArray(watched as unknown as WatchedArray, { members: present, arrays: [] });
  return verdict.kind === 'unsafe' ? verdict.reason.code : verdict.kind;
}

/** Where mdadm would start something that we do not, and why. */
function stricter({ caseName, devices }: RecordedSet): string | null {
  const set = devices.join('');
  const kind = caseName.replace(/-[01]\.\d+$/, '');
  // mdadm takes whichever half has more events, or came first.
  if (kind === 'raid1-split-brain' && set === 'bc') return 'split-brain';
  if (kind === 'raid10-split-brain' && /b.*[ce]|c.*d/.test(set)) return 'split-brain';
  // mdadm counts a member that is still being rebuilt; the kernel then refuses.
  if (kind === 'raid1-rebuilding' && !caseName.endsWith('0.90') && (set === 'd' || set === 'cd'))
    return 'insufficient';
  // In 0.90 a member that is being rebuilt is still a spare, and it saw the array go on without c.
  if (caseName === 'raid1-rebuilding-0.90' && set === 'cd') return 'stale';
  // mdadm does without the parity; the kernel then refuses (F19).
  if (kind === 'raid4-dirty' && set === 'bc') return 'dirty-degraded';
  // mdadm waits for a key or a time-out, and then the array comes up read-only for good.
  if (kind === 'raid5-journal' && !set.includes('e')) return 'journal-missing';
  return null;
}

test('no bytes make it throw', async (t) => {
  const metadata = fc.constantFrom<Metadata>('0.90', '1.0', '1.1', '1.2');
  fc.assert(
    fc.property(metadata, fc.uint8Array({ maxLength: 5000 }), fc.nat(), (version, bytes, deviceBytes) => {
      parseSuperblock(version, bytes, deviceBytes);
    }),
  );
  const mutations = fc.array(fc.tuple(fc.nat(4095), fc.nat(255)), { maxLength: 12 });
  fc.assert(
    fc.property(metadata, mutations, fc.boolean(), fc.nat(2 ** 36), (version, changes, mend, deviceBytes) => {
      const bytes = version === '0.90' ? encode0({}) : encode1({}, 8);
      for (const [at, value] of changes) bytes[at] = value;
      if (mend) mendChecksum(version, bytes);
      const result = parseSuperblock(version, bytes, deviceBytes);
      if (!result.ok) return true;
      const { slots, raidDevices, slotHolders, events, role } = result.value;
      return (
        slots.length === raidDevices &&
        slotHolders.length === raidDevices &&
        Number.isSafeInteger(events) &&
        (typeof role !== 'number' || role < raidDevices)
      );
    }),
    { numRuns: 500 },
  );
  t.pass('nothing thrown');
});

/** Makes a changed superblock pass the checksum, so that what lies behind it is reached. */
function mendChecksum(metadata: Metadata, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  const at = metadata === '0.90' ? 38 * 4 : 216;
  const end = metadata === '0.90' ? 4096 : Math.min(4096, 256 + view.getUint32(220, true) * 2);
  view.setUint32(at, 0, true);
  let sum = 0n;
  for (let i = 0; i + 4 <= end; i += 4) sum += BigInt(view.getUint32(i, true));
  if (end % 4 === 2) sum += BigInt(view.getUint16(end - 2, true));
  view.setUint32(at, Number(((sum & 0xffffffffn) + (sum >> 32n)) & 0xffffffffn), true);
}
