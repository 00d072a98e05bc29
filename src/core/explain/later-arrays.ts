import type { MdUuid } from '../md/md-uuid.ts';
import type { Need } from '../topology/need.ts';
import { judgeArray } from '../verdict/judge-array.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import type { NextBoot } from './next-boot.ts';
import { partsOf } from './part-of-boot.ts';
import { type Running, SimulatedMd } from './simulated-md.ts';

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
 * (device-times.ts). What is not safe to start counts as missing. What does not depend on the disks that are asked about is simulated once.
 *
 * `arrayUuids`: the arrays that the needs name, by kernel name; any other is missing.
 */
export function laterArrays(
  boot: NextBoot,
  arrayUuids: ReadonlyMap<string, MdUuid>,
): (taken: readonly string[]) => LaterArrays {
  const partOf = partsOf(boot);
  const whole = settle(boot, [], new Map());
  return (taken) => {
    const part = partOf(taken);
    const others = new Map(whole.machine.running);
    for (const { uuid } of part.watchlist.arrays) others.delete(uuid);
    const { machine, ends } = settle(part, taken, others);
    const isThere = ({ disks, arrays, passphrase }: Need): boolean => {
      const uuids = [...arrays].map((device) => arrayUuids.get(device));
      return (
        uuids.every((uuid) => uuid !== undefined) &&
        machine.isMet({ disks, passphrase, arrays: new Set(uuids.filter((uuid) => uuid !== undefined)) })
      );
    };
    const all = boot.watchlist.arrays.flatMap(({ uuid }) => ends.get(uuid) ?? whole.ends.get(uuid) ?? []);
    return {
      isThere,
      degraded: all.flatMap(({ degraded }) => degraded ?? []),
      stopped: all.flatMap(({ stopped }) => stopped ?? []),
    };
  };
}

interface ArrayEnd {
  readonly degraded?: LaterArrays['degraded'][number];
  readonly stopped?: StoppedArray;
}

/** udev and the service, until nothing more can be started. `others`: arrays that run anyway. */
function settle(
  boot: NextBoot,
  taken: readonly string[],
  others: ReadonlyMap<MdUuid, Running>,
): { readonly machine: SimulatedMd; readonly ends: ReadonlyMap<MdUuid, ArrayEnd> } {
  const machine = new SimulatedMd(boot, new Set(taken), { atOnce: others, unlocked: others });
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
  const last = machine.snapshot();
  const ends = new Map<MdUuid, ArrayEnd>();
  for (const array of boot.watchlist.arrays) {
    const running = machine.running.get(array.uuid);
    if (running === undefined) {
      const verdict = judgeArray(array, last);
      const isHeldBack = verdict.kind === 'startable';
      const missingRoles = isHeldBack ? verdict.missingRoles : [];
      ends.set(array.uuid, { stopped: { array, missingRoles, isHeldBack } });
    } else {
      const { missingRoles } = running;
      ends.set(array.uuid, missingRoles.length === 0 ? {} : { degraded: { array, missingRoles } });
    }
  }
  return { machine, ends };
}
