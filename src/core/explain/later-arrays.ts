import type { MdUuid } from '../md/md-uuid.ts';
import type { Need } from '../topology/need.ts';
import { judgeArray } from '../verdict/judge-array.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import type { NextBoot } from './next-boot.ts';
import { SimulatedMd } from './simulated-md.ts';

/** How the arrays of the running system are once it has settled. */
interface LaterArrays {
  readonly isThere: (need: Need) => boolean;
  readonly degraded: readonly { readonly array: WatchedArray; readonly missingRoles: readonly number[] }[];
  readonly stopped: readonly StoppedArray[];
}

interface StoppedArray {
  readonly array: WatchedArray;
  readonly missingRoles: readonly number[];
  /** It could be started degraded, and is so configured that it is not. */
  readonly isHeldBack: boolean;
}

/**
 * Whether something is there once the running system has settled. Arrays that root does not need are started by udev when they are whole,
 * and degraded by reliable-raid-arrays.service, where their policy allows it, before systemd gives up on a device
 * (device-times.ts). What is not safe to start counts as missing.
 *
 * `arrayUuids`: the arrays that the needs name, by kernel name; any other is missing.
 */
export function laterArrays(
  boot: NextBoot,
  taken: readonly string[],
  arrayUuids: ReadonlyMap<string, MdUuid>,
): LaterArrays {
  const machine = new SimulatedMd(boot, new Set(taken));
  machine.unlock();
  for (let again = true; again; ) {
    again = false;
    // What a start makes appear is seen by the next round.
    const snapshot = machine.snapshot();
    for (const array of boot.watchlist.arrays) {
      const { uuid, devicePath } = array;
      if (machine.running.has(uuid)) continue;
      const verdict = judgeArray(array, snapshot);
      const mayStart = verdict.kind === 'startable' && array.degraded === 'start';
      if (!mayStart && verdict.kind !== 'complete') continue;
      const devices = snapshot.members
        .filter(({ superblock, boundTo }) => superblock.arrayUuid === uuid && boundTo === null)
        .map(({ device }) => device);
      machine.act({ kind: 'assemble', uuid, devicePath, devices });
      machine.act({ kind: 'run-array', uuid, device: devicePath, dirty: false });
      again ||= machine.running.has(uuid);
    }
  }
  const isThere = ({ disks, arrays, passphrase }: Need): boolean => {
    const uuids = [...arrays].map((device) => arrayUuids.get(device));
    return (
      uuids.every((uuid) => uuid !== undefined) &&
      machine.isMet({ disks, passphrase, arrays: new Set(uuids.filter((uuid) => uuid !== undefined)) })
    );
  };
  const degraded = boot.watchlist.arrays.flatMap((array) => {
    const { missingRoles = [] } = machine.running.get(array.uuid) ?? {};
    return missingRoles.length === 0 ? [] : [{ array, missingRoles }];
  });
  const last = machine.snapshot();
  const stopped = boot.watchlist.arrays
    .filter(({ uuid }) => !machine.running.has(uuid))
    .map((array): StoppedArray => {
      const verdict = judgeArray(array, last);
      const isHeldBack = verdict.kind === 'startable';
      return { array, missingRoles: isHeldBack ? verdict.missingRoles : [], isHeldBack };
    });
  return { isThere, degraded, stopped };
}
