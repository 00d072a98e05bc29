import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metadata } from '../../src/core/md/superblock.ts';

// What test/fixtures/record/superblocks.ts has recorded: superblocks with mdadm's words on them, and which sets mdadm would start.

export interface RecordedMember {
  /** Such as `raid5-dirty-1.2`. */
  readonly caseName: string;
  readonly device: string;
  readonly metadata: Metadata;
  readonly deviceBytes: number;
  readonly bytes: Uint8Array;
  /** `mdadm --examine`. */
  readonly examined: string;
}

export interface RecordedSet {
  readonly caseName: string;
  readonly devices: readonly string[];
  /** The last MD_STARTED that `mdadm --incremental --export` printed when these came one after the other. */
  readonly started: 'yes' | 'already' | 'unsafe' | 'no' | 'none';
}

export interface Recording {
  readonly suite: string;
  readonly members: readonly RecordedMember[];
  readonly sets: readonly RecordedSet[];
}

const RECORDED = join(import.meta.dirname, '../fixtures/recorded');

export const recordings = (): readonly Recording[] =>
  readdirSync(RECORDED)
    .filter((name) => name.startsWith('superblocks-'))
    .map(readRecording);

function readRecording(suite: string): Recording {
  const folder = join(RECORDED, suite);
  const rows = (name: string) =>
    readFileSync(join(folder, name), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
  const members = rows('members.txt').map(([caseName = '', device = '', version = '', size = '']) => {
    const bytes = new Uint8Array(4096);
    bytes.set(readFileSync(join(folder, `${caseName}.${device}.bin`)));
    const metadata = version.replace(/^0\.9.*/, '0.90') as Metadata;
    const examined = readFileSync(join(folder, `${caseName}.${device}.txt`), 'utf8');
    return { caseName, device, metadata, deviceBytes: Number(size), bytes, examined };
  });
  const sets = rows('incremental.txt').map(([caseName = '', devices = '', started = '']) => ({
    caseName,
    devices: devices.split(','),
    started: started as RecordedSet['started'],
  }));
  return { suite, members, sets };
}
