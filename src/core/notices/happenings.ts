import type { NoticeEvent, PassingKind } from './event.ts';
import type { SeenArray, SeenMember } from './facts.ts';

/**
 * What happened to the members between two looks, also across a boot. An array that was not seen before, or did not or does not run,
 * has no news of its members: what is wrong with it stands.
 */
export function happenings(
  before: readonly SeenArray[],
  now: readonly SeenArray[],
): readonly NoticeEvent<PassingKind>[] {
  return now.flatMap((array) => {
    const former = before.find(({ uuid }) => uuid === array.uuid);
    return former === undefined || !former.isRunning || !array.isRunning ? [] : ofArray(former, array);
  });
}

function ofArray(before: SeenArray, now: SeenArray): readonly NoticeEvent<PassingKind>[] {
  const found = new Map<PassingKind, SeenMember[]>();
  const ids = new Set([...before.members, ...now.members].map(({ id }) => id));
  for (const id of ids) {
    const old = before.members.find((one) => one.id === id);
    const own = now.members.find((one) => one.id === id);
    const kind = changeOf(old?.state ?? null, own?.state ?? null);
    const member = own ?? old;
    if (kind !== null && member !== undefined) found.set(kind, [...(found.get(kind) ?? []), member]);
  }
  return [...found].map(([kind, members]) => ({
    kind,
    key: `${now.uuid}/${kind}`,
    array: { uuid: now.uuid, name: now.name, device: now.device },
    disks: members.map(({ disk }) => disk),
    detail: '',
  }));
}

type State = SeenMember['state'] | null;

const isUsed = (state: State): boolean => state === 'in-sync' || state === 'filling';

function changeOf(before: State, now: State): PassingKind | null {
  if (before === now) return null;
  switch (now) {
    case 'failed':
      return 'member-failed';
    case null:
      // Taken out after it failed, or never let in: that was told.
      return isUsed(before) || before === 'spare' ? 'member-gone' : null;
    case 'filling':
      return before === 'in-sync' ? null : 'member-back';
    case 'in-sync':
      return before === 'filling' ? 'rebuild-finished' : 'member-readded';
    default:
      // What is held stands, and a spare is no news.
      return isUsed(before) && now === 'held' ? 'member-gone' : null;
  }
}
