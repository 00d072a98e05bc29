// How long the boot engine takes on this machine itself, from the start of the process to its end.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SETTINGS, WATCHLIST_SCHEMA } from '../../src/core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../src/core/watchlist/watchlist-file.ts';
import { encode1 } from '../support/encode-superblock.ts';
import { watched } from '../support/simulated-boot.ts';

const RUNS = 21;

/** Milliseconds of each run of `program --version`. */
export const versionMs = (program: string): number[] => timed(program, ['--version']);

/** Milliseconds of each run up to a first decision and no further: `start --dry-run` for one array that is not here. */
export function decisionMs(program: string): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-native-'));
  try {
    const path = join(folder, 'watchlist.json');
    const arrays = [watched({ n: 0, level: 1, raidDevices: 2 })];
    const head = { schema: WATCHLIST_SCHEMA, hostName: 'bench', settings: DEFAULT_SETTINGS } as const;
    writeFileSync(path, formatWatchlist({ ...head, arrays, tree: [], warnings: [] }));
    return timed(program, ['start', '--dry-run', '--watchlist', path]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Milliseconds of each run of `gate` for a member, as udev runs it, on a loop device that carries a superblock; none where loop
 * devices may not be made (root may).
 */
export function gateMs(program: string): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-native-'));
  const path = join(folder, 'member');
  const superblock = encode1({}, 8);
  writeFileSync(path, Buffer.concat([Buffer.alloc(4096), superblock, Buffer.alloc(4 * 1024 * 1024)]));
  const loop = spawnSync('losetup', ['--find', '--show', path], { encoding: 'utf8' });
  const device = loop.status === 0 ? loop.stdout.trim() : '';
  try {
    return device === '' ? [] : timed(program, ['gate', '--export', '--metadata=1.2', device]);
  } finally {
    if (device !== '') spawnSync('losetup', ['--detach', device]);
    rmSync(folder, { recursive: true });
  }
}

function timed(program: string, args: readonly string[]): number[] {
  return Array.from({ length: RUNS }, () => {
    const startedAt = performance.now();
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return performance.now() - startedAt;
  });
}
