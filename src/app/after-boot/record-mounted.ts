import {
  type ArrayPolicies,
  asksWhatIsMounted,
  policyOfArray,
} from '../../core/configuration/array-policies.ts';
import { bootOptions } from '../../core/configuration/boot-options.ts';
import { formatMountedArrays } from '../../core/configuration/mounted-arrays.ts';
import { SYSTEMD_WAIT_MS, type WaitOfArray } from '../../core/inspect/device-times.ts';
import { recordMounted } from '../../core/inspect/record-mounted.ts';
import { parseArrayState } from '../../core/md/array-state.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { timeoutMs } from '../../core/parse/systemd-time.ts';
import { DEFAULT_SETTINGS } from '../../core/watchlist/watchlist.ts';
import type { KnownArray } from '../configuration/array-sections.ts';
import { readKnownArrays } from '../configuration/known-arrays.ts';
import type { Configuration } from '../configuration/read-configuration.ts';
import { readDemands } from '../inspect/later-mounts.ts';
import type { FactSources } from '../machine.ts';
import { mountedPath, writeInFolder } from '../own-places.ts';
import { isOthers } from '../read/others-array.ts';
import type { Resolution } from '../watchlist/resolve.ts';
import { readOtherArrayFacts } from './other-array-facts.ts';

const SYSTEMD_SAYS = ['systemctl', 'show', '--property=DefaultDeviceTimeoutUSec', '--value'] as const;
const SYSTEMD_MS = 10_000;

/**
 * Keeps, for the generator of systemd's and for whoever decides before anything is mounted, what fstab, crypttab and swap stand on; no file
 * where nobody needs to know. Why it could not be kept, or null. Where the blocks of the machine cannot be followed, what was known stays.
 */
export async function keepMounted(
  machine: FactSources,
  { configuration, block }: Pick<Resolution, 'configuration' | 'block'>,
): Promise<string | null> {
  if (block === null) return null;
  const { files, paths } = machine;
  const path = mountedPath(paths);
  const before = await files.readText(path);
  const policies = policiesOf(configuration);
  const { demands, graph } = await readDemands(machine, block);
  const known = new Map((await readKnownArrays(machine)).map((array) => [array.device, array] as const));
  const foreign = await foreignAmong(machine, [...known.values()], policies);
  const { degraded, waitMs } = bootOptions(block.facts.cmdline, DEFAULT_SETTINGS);
  const ofRoot = [...block.arrayUuids.keys()];
  const waitOf = (device: string): WaitOfArray | null => {
    const array = known.get(device);
    if (array === undefined || ofRoot.includes(device)) return null;
    const isForeign = foreign.has(device);
    const policy = policyOfArray(policies, array, isForeign);
    return {
      waitMs: waitMs ?? policy.waitMs,
      maxWaitMs: policies.maxWaitMs,
      degraded: isForeign ? policy.degraded : (degraded ?? policy.degraded),
    };
  };
  const record = recordMounted(
    {
      ...{ demands, graph, waitOf, ofRoot },
      uuids: await uuidsOfRunning(machine, [...known.values()]),
      isAsked: asksWhatIsMounted(policies),
      isMaxWaitSet: configuration.places.has('max_wait'),
      systemdMs: await readSystemdWait(machine),
    },
    before ?? '',
  );
  if (record === null) {
    if (before !== null) await files.remove(path).catch(() => undefined);
    return null;
  }
  const text = formatMountedArrays(record);
  const why = text === before ? null : await writeInFolder(files, path, text);
  return why === null ? null : `${path}: could not be written: ${why}`;
}

/** Of those that run: what an inactive array holds cannot be seen. */
async function uuidsOfRunning(
  { files, paths }: FactSources,
  arrays: readonly KnownArray[],
): Promise<ReadonlyMap<string, MdUuid>> {
  const uuids = new Map<string, MdUuid>();
  for (const { device, uuid } of arrays) {
    const state = parseArrayState(
      (await files.readText(`${paths.sys}/class/block/${device}/md/array_state`)) ?? '',
    );
    if (uuid !== null && state !== 'inactive' && state !== 'clear') uuids.set(device, uuid);
  }
  return uuids;
}

/** Kernel names of those that no record knows, and that are called as another machine's. */
async function foreignAmong(
  machine: FactSources,
  arrays: readonly KnownArray[],
  policies: ArrayPolicies,
): Promise<ReadonlySet<string>> {
  const { recorded } = await readOtherArrayFacts(machine, policies, null);
  const foreign = new Set<string>();
  for (const { device, uuid, name } of arrays)
    if (uuid !== null && !recorded.has(uuid) && (await isOthers(machine, uuid, name ?? '')))
      foreign.add(device);
  return foreign;
}

/** As `reliable-raid config --json` says it to the boot engine. */
function policiesOf({ options, arrays }: Configuration): ArrayPolicies {
  return {
    general: { waitMs: options.wait * 1000, degraded: options.degraded },
    foreign: options.foreign,
    // Whatever a line of fstab stands on is mounted.
    ...{ unmounted: options.unmounted, mounted: null },
    maxWaitMs: options.max_wait * 1000,
    noticeAfterMs: options.notice_after * 1000,
    stale: options.stale,
    sections: arrays.map(({ key, values: { wait, degraded } }) => ({
      key,
      ...(wait === undefined ? {} : { waitMs: wait * 1000 }),
      ...(degraded === undefined ? {} : { degraded }),
    })),
  };
}

/** DefaultDeviceTimeoutSec, wherever it is set; releases before it had the default. */
async function readSystemdWait({ runner }: FactSources): Promise<number> {
  const { status, stdout } = await runner.run(SYSTEMD_SAYS, { timeoutMs: SYSTEMD_MS });
  const said = stdout.trim();
  return (status === 0 && said !== '' ? timeoutMs(said) : null) ?? SYSTEMD_WAIT_MS;
}
