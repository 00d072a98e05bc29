import { uuidInKey } from '../../core/configuration/array-names.ts';
import { formatGatePolicies, type GateSection } from '../../core/configuration/gate-policies.ts';
import type { Machine } from '../machine.ts';
import { keptWatchlistPath, ledgerPlaces, runPath, writeInFolder } from '../own-places.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import type { MatchedSection } from './array-sections.ts';
import { type ConfigurationFindings, checkConfiguration } from './check-configuration.ts';

type Configured = Pick<ConfigurationFindings, 'configuration' | 'sections'>;

/** What the gate obeys of a configuration. A section by UUID counts more than one by name, and so comes later. */
export function gatePolicies({ configuration, sections }: Configured, before = ''): string {
  const { degraded, foreign, unmounted } = configuration.options;
  const isByUuid = ({ key }: MatchedSection): boolean => uuidInKey(key.trim()) !== null;
  const ordered = [...sections.filter((one) => !isByUuid(one)), ...sections.filter(isByUuid)];
  const said = ordered.flatMap(({ key, values, arrays }): readonly GateSection[] =>
    values.degraded === undefined
      ? []
      : [{ key, degraded: values.degraded, uuids: arrays.flatMap(({ uuid }) => uuid ?? []) }],
  );
  return formatGatePolicies({ general: degraded, foreign, unmounted, sections: said }, before);
}

/** As an image that is made now gets them; what a name last meant is in the kept list of the last one. */
export async function policiesOfImage(machine: Pick<Machine, 'files' | 'paths'>): Promise<string> {
  const kept = await loadWatchlist(machine.files, keptWatchlistPath(ledgerPlaces(machine.paths)));
  const before = kept.ok ? (kept.value.policies ?? '') : '';
  return gatePolicies(await checkConfiguration(machine), before);
}

/** `reliable-raid config --gate`, before udev looks at the devices, and when a file has changed. Why it could not be written, or null. */
export async function writeGatePolicies(machine: Pick<Machine, 'files' | 'paths'>): Promise<string | null> {
  const path = runPath(machine.paths, 'policies');
  const before = (await machine.files.readText(path)) ?? '';
  const why = await writeInFolder(
    machine.files,
    path,
    gatePolicies(await checkConfiguration(machine), before),
  );
  return why === null ? null : `${path}: could not be written: ${why}`;
}
