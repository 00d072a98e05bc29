import {
  type ArrayPolicies,
  DEFAULT_POLICIES,
  parsePolicies,
} from '../../core/configuration/array-policies.ts';
import type { OtherArrays } from '../../core/engine/other-arrays.ts';
import { EMPTY_LEDGER, type LedgerEntry } from '../../core/ledger/ledger.ts';
import type { KeptEntry } from '../../core/ledger/ledger-file.ts';
import { ledgerOf } from '../../core/ledger/places.ts';
import { parseMdadmConf } from '../../core/parse/mdadm-conf.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import { readLedgers } from '../ledger/read-ledgers.ts';
import type { FactSources } from '../machine.ts';
import { etcFolder, keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { withMounted } from '../read/mounted-arrays.ts';
import { dateMs } from '../read/wall-clock.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { whyItFailed } from '../why-it-failed.ts';

/** The full program: what reads the configuration is not in the boot engine. */
const PROGRAM = '/usr/bin/reliable-raid';
const PROGRAM_MS = 30_000;

/** What the configuration says; without any file, nobody needs to be asked. */
export async function readPolicies({ files, paths, runner }: FactSources): Promise<Result<ArrayPolicies>> {
  const folder = etcFolder(paths);
  const isConfigured =
    (await files.exists(`${folder}/config.toml`)) || (await files.list(`${folder}/config.d`)).length > 0;
  if (!isConfigured) return ok(DEFAULT_POLICIES);
  const run = await runner.run([PROGRAM, 'config', '--json'], { timeoutMs: PROGRAM_MS });
  // It ends with 1 where a line is wrong, and prints what is in force all the same.
  if (run.status !== 0 && run.status !== 1) return failure(folder, `${PROGRAM} config ${whyItFailed(run)}`);
  const parsed = parsePolicies(run.stdout, `${PROGRAM} config --json`);
  return parsed.ok ? ok(await withMounted({ files, paths }, parsed.value)) : parsed;
}

/** Only the file of the running system has arrays that are none of this machine's. */
const isOurs = (entry: LedgerEntry & Partial<Pick<KeptEntry, 'foreign'>>): boolean => entry.foreign !== true;

/** All that is known here of arrays that do not run. */
export async function readOtherArrayFacts(
  machine: FactSources,
  policies: ArrayPolicies,
  degraded: OtherArrays['degraded'],
): Promise<OtherArrays> {
  const { files, paths } = machine;
  const places = ledgerPlaces(paths);
  const ledgers = (await readLedgers(machine, places)).map((place) => ledgerOf(place) ?? EMPTY_LEDGER);
  const kept = await loadWatchlist(files, keptWatchlistPath(places));
  const listed = new Map((kept.ok ? kept.value.arrays : []).map((array) => [array.uuid, array] as const));
  const hostNames = await Promise.all(
    [`${paths.proc}/sys/kernel/hostname`, `${paths.etc}/hostname`].map((path) => files.readText(path)),
  );
  const confs = await Promise.all(
    [`${paths.etc}/mdadm/mdadm.conf`, `${paths.etc}/mdadm.conf`].map((path) => files.readText(path)),
  );
  return {
    policies,
    degraded,
    ledgers,
    listed,
    dateMs: await dateMs(machine),
    hostNames: hostNames.map((name) => name?.trim() ?? '').filter((name) => name !== '' && name !== '(none)'),
    recorded: new Set([
      ...listed.keys(),
      ...ledgers.flatMap(({ entries }) => entries.filter(isOurs).map(({ arrayUuid }) => arrayUuid)),
      ...confs.flatMap((text) => parseMdadmConf(text ?? '').arrays.flatMap(({ uuid }) => uuid ?? [])),
    ]),
  };
}
