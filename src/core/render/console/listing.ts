import { levelName } from '../../md/levels.ts';
import type { Snapshot } from '../../snapshot/snapshot.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { fit, wrap } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import { judgeArray, lastWrittenMs } from '../../verdict/judge-array.ts';
import { judgeVolume } from '../../verdict/judge-volume.ts';
import { presenceOf } from '../../verdict/presence.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { isExternal, type WatchedArray, type Watchlist } from '../../watchlist/watchlist.ts';
import { arrayLabel, diskLabel } from '../labels.ts';
import { memberLines, unfitAdvice, unfitWords } from './members.ts';
import { reasonWords } from './reason.ts';

/** One array: its verdict in words, the members that are present, and those that are missing. 80 columns, safe for a console. */
export function renderArray(array: WatchedArray, snapshot: Snapshot, verdict: Verdict): string {
  const writtenMs = lastWrittenMs(array, snapshot);
  const presence = presenceOf(array, snapshot, verdict);
  const neededBy = array.neededBy.map((mount) => escapeForConsole(mount, 24)).join(', ');
  const lines = [
    ...wrap(
      `array ${arrayLabel(array)}  ${levelName(presence.level)} of ${presence.slotCount}: ${verdictWords(verdict)}`,
    ),
    ...(neededBy === '' ? [] : [`  needed by ${neededBy}`]),
    `  UUID ${array.uuid}${writtenMs === null ? '' : `, data last written ${utcDate(writtenMs)}`}`,
  ];
  for (const member of snapshot.members) {
    const { superblock } = member;
    if (superblock.arrayUuid !== array.uuid) continue;
    const known = array.members.find(({ deviceUuid }) => deviceUuid === superblock.deviceUuid);
    const role = typeof superblock.role === 'number' ? `role ${superblock.role}` : superblock.role;
    const disk = known === undefined ? 'not known here' : diskLabel(known.disk);
    lines.push(`  present  ${role}  /dev/${escapeForConsole(member.device, 16)}  ${disk}`);
    const unfit = presence.unfit.find(({ device }) => device === member.device);
    if (unfit !== undefined) lines.push(`    does not count: ${unfitWords(unfit.why)}`);
  }
  if (isExternal(array) && verdict.kind !== 'active') lines.push(...diskLines(array, snapshot));
  // What carries its superblock is listed above.
  const unlisted = presence.unfit.filter(
    ({ device }) =>
      !snapshot.members.some(
        (member) => member.device === device && member.superblock.arrayUuid === array.uuid,
      ) && !(snapshot.external ?? []).some((disk) => disk.device === device),
  );
  lines.push(...memberLines('missing', { ...presence, unfit: unlisted }));
  return [...lines.map(fit), ...unfitAdvice(presence, verdict).flatMap(wrap)].join('\n');
}

/** The present disks of a volume's container. */
function diskLines({ uuid }: WatchedArray, { external = [] }: Snapshot): string[] {
  const volume = judgeVolume(uuid, external);
  const outdated = volume.kind === 'absent' ? [] : volume.outdated;
  return external.flatMap(({ device, examined }) => {
    const node = `/dev/${escapeForConsole(device, 16)}`;
    if (examined === null) return [`  present  ${node}  mdadm cannot tell what is on it`];
    const own = examined.volumes.find((each) => each.uuid === uuid);
    if (own === undefined) return [];
    const place = own.ownSlot === null ? 'no role' : `role ${own.ownSlot}`;
    return [`  present  ${place}  ${node}${outdated.includes(device) ? '  older data, not counted' : ''}`];
  });
}

export function verdictWords(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'absent':
      return 'no member is present';
    case 'insufficient':
      return 'too few members';
    case 'startable':
      return 'can be started degraded';
    case 'complete':
      return 'complete, not started';
    case 'active':
      return verdict.degraded > 0
        ? `runs degraded as /dev/${verdict.device}`
        : `runs as /dev/${verdict.device}`;
    case 'unsafe':
      return `${verdict.reason.code === 'external-metadata' ? 'not started' : 'not safe'}: ${reasonWords(verdict.reason)}`;
  }
}

/** Every listed array as it stands. */
export function renderListing(watchlist: Watchlist, snapshot: Snapshot, stale: 'ask' | 'start'): string {
  return watchlist.arrays
    .map((array) => renderArray(array, snapshot, judgeArray(array, snapshot, { stale })))
    .join('\n');
}

/** What the rescue shell greets with: the same listing as `reliable-raid start`, and how to go on. */
export function renderGreeting(watchlist: Watchlist, snapshot: Snapshot, stale: 'ask' | 'start'): string {
  return [
    '',
    renderListing(watchlist, snapshot, stale),
    '',
    'Rescue shell. The countdown is paused while it is open.',
    '  reliable-raid start    start the listed arrays that can be started',
    '  exit                   leave the shell and go on with the boot',
  ].join('\n');
}
