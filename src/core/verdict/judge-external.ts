import { isRunning, type Snapshot } from '../snapshot/snapshot.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import { judgeVolume } from './judge-volume.ts';
import type { ExternalDisks, Verdict } from './verdict.ts';

/**
 * What the present disks of its container tell of a volume that does not run. Never `startable` nor `complete`: none is
 * started here. What mdadm cannot tell of a disk is not guessed: the verdict is then `unsafe`, and says so.
 */
export function judgeExternal(watched: WatchedArray, { external, arrays }: Snapshot): Verdict {
  const { metadata, uuid, container } = watched;
  const unsafe = (disks: ExternalDisks | null): Verdict => ({
    kind: 'unsafe',
    reason: { code: 'external-metadata', metadata, disks },
    missingRoles: disks?.volume?.missingSlots ?? [],
  });
  if (external === undefined) return unsafe(null);
  const unread = external.filter(({ examined }) => examined === null).map(({ device }) => device);
  const volume = judgeVolume(uuid, external);
  const own = arrays.find(
    (array) => array.external && array.uuid !== null && array.uuid === container && !isRunning(array),
  );
  if (volume.kind === 'absent') {
    const silent = external
      .filter(({ examined }) => container !== null && examined?.containerUuid === container)
      .map(({ device }) => device);
    if (unread.length + silent.length === 0) return { kind: 'absent' };
    return unsafe({ unread, silent, volume: null, container: own?.device ?? null });
  }
  if (volume.kind === 'insufficient' && unread.length === 0)
    return { kind: 'insufficient', missingRoles: volume.missingSlots };
  return unsafe({ unread, silent: [], volume, container: own?.device ?? null });
}
