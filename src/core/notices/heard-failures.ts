import type { NoticeEvent, PassingKind } from './event.ts';
import type { HeardFailure, SeenArray, SeenMember } from './facts.ts';

const MAX_HEARD = 4096;
const LINE = /^Fail (md[A-Za-z0-9!_-]{1,32}) ([A-Za-z0-9!:_-]{1,32})$/;

/** What md-event writes down: `Fail md0 sdb1`, a line each. Anything else is no failure. */
export const parseHeardFailures = (text: string): readonly HeardFailure[] =>
  text
    .split('\n')
    .slice(0, MAX_HEARD)
    .flatMap((line) => {
      const [, array = '', member = ''] = LINE.exec(line) ?? [];
      return array === '' ? [] : [{ array, member }];
    });

/**
 * Failures that no two looks show: a member that failed and was back in its array before anybody looked, as a disk does whose cable is bad.
 * `seen` is what the looks show.
 */
export function unseenFailures(
  heard: readonly HeardFailure[],
  before: readonly SeenArray[],
  now: readonly SeenArray[],
  seen: readonly NoticeEvent[],
): readonly NoticeEvent<PassingKind>[] {
  return now.flatMap((array) => {
    const { uuid, name, device } = array;
    const isShown = seen.some(
      (event) =>
        event.array?.uuid === uuid && (event.kind === 'member-failed' || event.kind === 'member-gone'),
    );
    const members = new Set(heard.filter((one) => one.array === device).map(({ member }) => member));
    // A look came before mdadm did, or another one of its monitors has said it: the array was without it at the last look already.
    const former = before.find((one) => one.uuid === uuid);
    const isOld = (member: string): boolean =>
      former !== undefined && isOut(stateOf(former, member)) && stateOf(array, member) !== 'in-sync';
    const failed = [...members].filter((member) => !isOld(member));
    if (isShown || failed.length === 0) return [];
    const areBack = failed.every((member) => stateOf(array, member) === 'in-sync');
    return [
      {
        ...{ kind: 'member-failed' as const, key: `${uuid}/member-failed`, array: { uuid, name, device } },
        disks: failed.map((member) => diskOf(array, member) ?? `/dev/${member}`),
        detail: areBack ? 'back' : '',
      },
    ];
  });
}

/** A kernel name may have a folder in it (`cciss!c0d0p1`), and md-event writes down what comes after it. */
const isOf = (disk: string, member: string): boolean =>
  disk.split(', ')[0]?.replace(/^.*[/!]/, '') === member;

const isOut = (state: SeenMember['state'] | undefined): boolean =>
  state === undefined || state === 'failed' || state === 'held';

const memberOf = (array: SeenArray | undefined, member: string) =>
  array?.members.find(({ disk }) => isOf(disk, member));

const stateOf = (array: SeenArray | undefined, member: string) => memberOf(array, member)?.state;
const diskOf = (array: SeenArray, member: string) => memberOf(array, member)?.disk;
