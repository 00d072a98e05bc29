// A machine whose every text was written by somebody who wants to take over the terminal that shows it.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mdUuidFromBytes } from '../../src/core/md/md-uuid.ts';
import type { WatchedArray } from '../../src/core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../src/core/watchlist/watchlist-file.ts';
import { sampleWatchlist } from '../fuzz/sample-watchlist.ts';
import { encode1 } from './encode-superblock.ts';
import { SimulatedSysfs } from './simulated-sysfs.ts';

/** What a terminal obeys: title, clear, CSI as one byte, as UTF-8 and overlong, right-to-left, new lines, answer-back, charset. */
export const HOSTILE: readonly string[] = [
  '\x1b]0;owned\x07',
  '\x1b[2J\x1b[H',
  '\x9b31m',
  '\xc2\x9b2J',
  '\xc0\x9b\xe0\x80\x9b',
  '\u202eevil\u202c',
  'one\ntwo\r\nthree',
  '\x05\x0e\x0f\x1bP$q\x1b\\',
  '\x7f\b\b\b\t\v\f\0',
  '\ufeff\u2028\u{e0041}\ud800',
];

const hostile = (n: number, words: string): string => `${words}${HOSTILE[n % HOSTILE.length]}${words}`;

const uuidBytes = (n: number): number[] => Array(16).fill(n + 1);

/** What the array is made of: `startable`, `insufficient`, `split`, `absent`. */
const KINDS = ['startable', 'insufficient', 'split', 'absent'] as const;

/** Fills `root`; its mdadm fails with hostile words, udevadm never ends. Texts are the ones from `first` on. */
export function buildHostileMachine(root: string, first: number): void {
  const machine = new SimulatedSysfs(root);
  for (const folder of ['bin', 'proc', 'etc', 'run/reliable-raid', 'run/udev/data'])
    mkdirSync(join(root, folder), { recursive: true });
  machine.device({ name: 'vda', udev: { ID_FS_TYPE: 'ext4' } });
  const list = sampleWatchlist(1);
  const arrays = KINDS.map((kind, n): WatchedArray => {
    const text = (more: string): string => hostile(first + n, more);
    const arrayUuidBytes = uuidBytes(n);
    const member = (name: string, role: number, roles: readonly number[], events: number): void =>
      machine.member(
        name,
        encode1(
          {
            ...{ arrayUuidBytes, number: role, roles, events, name: text('guest:') },
            ...{ deviceUuidBytes: uuidBytes(16 * n + role), raidDevices: kind === 'insufficient' ? 3 : 2 },
            level: kind === 'insufficient' ? 5 : 1,
          },
          8,
          100,
        ),
        '1.2',
        {
          udev: {
            ID_FS_TYPE: 'linux_raid_member',
            ID_FS_VERSION: '1.2',
            ID_SERIAL: text('serial'),
            ID_WWN: text('w'),
          },
        },
      );
    if (kind === 'startable') member('sda', 0, [0, 1], 9);
    if (kind === 'insufficient') member('sdb', 0, [0, 1, 2], 9);
    if (kind === 'split') {
      member('sdc', 0, [0, 0xfffe], 9);
      member('sdd', 1, [0xfffe, 1], 20);
    }
    return {
      ...(list.arrays[0] as WatchedArray),
      uuid: mdUuidFromBytes(Uint8Array.from(arrayUuidBytes)),
      name: text('n'),
      neededBy: [text('/')],
      level: kind === 'insufficient' ? 5 : 1,
      raidDevices: kind === 'insufficient' ? 3 : 2,
      waitMs: 30_000,
      members: [0, 1, 2].map((role) => ({
        deviceUuid: mdUuidFromBytes(Uint8Array.from(uuidBytes(16 * n + role))),
        role,
        disk: {
          byId: text('ata-'),
          model: role === 1 ? text('m') : null,
          serial: role === 2 ? null : text('s'),
          sizeBytes: null,
        },
        ledger: { events: 9, updateTimeMs: 1_700_000_000_000, inSync: true },
      })),
    };
  });
  writeFileSync(
    join(root, 'etc/watchlist.json'),
    formatWatchlist({
      ...list,
      settings: { ...list.settings, noticeAfterMs: 2000 },
      arrays,
      warnings: [hostile(first, 'warning')],
    }),
  );
  const words = HOSTILE.map((_, n) => hostile(n, 'x').replaceAll('\0', '').replaceAll('\n', ' '));
  writeFileSync(
    join(root, 'proc/cmdline'),
    Buffer.from(
      words.map((word, n) => `reliable_raid.${n % 2 ? 'wait=' : ''}${word.replaceAll(' ', '_')}`).join(' '),
      'latin1',
    ),
  );
  writeFileSync(
    join(root, 'said'),
    Buffer.from(`${hostile(first, 'mdadm: cannot open ').replaceAll('\n', ' ')}\n`, 'latin1'),
  );
  const program = (name: string, script: string): void => {
    writeFileSync(join(root, 'bin', name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(root, 'bin', name), 0o755);
  };
  program('mdadm', `cat "${root}/said" >&2; cat "${root}/said"; exit 1`);
  program('udevadm', `[ "$1" = monitor ] || exit 0; cat "${root}/said"; echo UDEV; exec sleep 60`);
  program('shell', 'exit 0');
}
