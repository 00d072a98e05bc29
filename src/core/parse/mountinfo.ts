import { tidyPath } from './fstab.ts';
import { unescapeOctal } from './octal-escapes.ts';

/** One line of /proc/PID/mountinfo (proc(5)). */
export interface Mount {
  /** `major:minor` of the file system; `0:n` for one that is on no block device of its own, btrfs too. */
  readonly device: string;
  /** Folder of the file system that is mounted, `/` for all of it. */
  readonly rootInFs: string;
  readonly mountPoint: string;
  readonly fsType: string;
  readonly source: string;
}

/** Reads mountinfo; other lines are skipped. Later mounts on the same place hide earlier ones. */
export function parseMountinfo(text: string): readonly Mount[] {
  const byPlace = new Map<string, Mount>();
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const dash = fields.indexOf('-', 6);
    const [, , device = '', rootInFs = '', mountPoint = ''] = fields;
    if (dash < 0 || !/^\d+:\d+$/.test(device) || !mountPoint.startsWith('/')) continue;
    const place = tidyPath(unescapeOctal(mountPoint));
    byPlace.set(place, {
      device,
      rootInFs: unescapeOctal(rootInFs),
      mountPoint: place,
      fsType: fields[dash + 1] ?? '',
      source: unescapeOctal(fields[dash + 2] ?? ''),
    });
  }
  return [...byPlace.values()];
}
