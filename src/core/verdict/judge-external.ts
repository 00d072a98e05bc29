import { isRunning, type Snapshot } from '../snapshot/snapshot.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import { listWords, nameSome } from '../text/lines.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import { judgeVolume } from './judge-volume.ts';
import type { Verdict } from './verdict.ts';

/** Devices named in one text; the rest are counted. */
const MAX_NAMED = 3;

/**
 * What the present disks of its container tell of a volume that does not run. Never `startable` nor `complete`: none is
 * started here. What mdadm cannot tell of a disk is not guessed: the verdict is then `unsafe`, and says so.
 */
export function judgeExternal(watched: WatchedArray, snapshot: Snapshot): Verdict {
  const { metadata, uuid } = watched;
  const rule = `${metadata} arrays are started by their container`;
  const unsafe = (text: string, missingRoles: readonly number[] = []): Verdict => ({
    kind: 'unsafe',
    reason: { code: 'external-metadata', text },
    missingRoles,
  });
  const members = snapshot.external;
  if (members === undefined) return unsafe(`${rule} only`);
  const unread = members.filter(({ examined }) => examined === null).map(({ device }) => device);
  const also = unread.length === 0 ? '' : `; mdadm cannot tell what is on ${nameAll(unread)}`;

  const volume = judgeVolume(uuid, members);
  if (volume.kind === 'absent') {
    if (unread.length > 0) return unsafe(`mdadm cannot tell what is on ${nameAll(unread)}`);
    const container = members.filter(
      ({ examined }) => watched.container !== null && examined?.containerUuid === watched.container,
    );
    return container.length === 0
      ? { kind: 'absent' }
      : unsafe(`${nameAll(container.map(({ device }) => device))} of its container do not tell of it`);
  }
  const { missingSlots, outdated, slotCount } = volume;
  if (volume.kind === 'insufficient' && unread.length === 0)
    return { kind: 'insufficient', missingRoles: missingSlots };
  const there = slotCount - missingSlots.length;
  const old = outdated.length === 0 ? '' : `, and ${nameAll(outdated)} with older data`;
  const count = `${there} of ${slotCount} disks ${there === 1 ? 'is' : 'are'} there${old}${also}`;
  const further =
    volume.kind === 'dirty-degraded'
      ? 'it was not shut down cleanly, so its parity may be wrong'
      : volume.kind === 'insufficient'
        ? rule
        : `${rule} (${startByHand(watched, snapshot, volume.kind === 'degraded')})`;
  return unsafe(`${count}; ${further}`, missingSlots);
}

/** What a person types: mdadm starts all volumes of a container, degraded ones only with `--run`. */
function startByHand({ container }: WatchedArray, { arrays }: Snapshot, isDegraded: boolean): string {
  const found = arrays.find(
    (array) => array.external && array.uuid !== null && array.uuid === container && !isRunning(array),
  );
  const node = found === undefined ? 'CONTAINER' : `/dev/${escapeForConsole(found.device, 16)}`;
  return `mdadm --incremental ${isDegraded ? '--run ' : ''}${node}`;
}

const nameAll = (devices: readonly string[]): string =>
  listWords(
    nameSome(
      devices.map((device) => escapeForConsole(device, 16)),
      MAX_NAMED,
    ),
  );
