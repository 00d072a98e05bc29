import { type Explanation, endsAt, type KnownDisk } from '../../explain/explanation.ts';
import type { ArrayForecast, Forecast } from '../../explain/simulate-boot.ts';
import type { Finding } from '../../inspect/finding.ts';
import { levelName } from '../../md/levels.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords, nameSome, wrap } from '../../text/lines.ts';
import type { AbsentMembers } from '../../topology/absent-members.ts';
import { failureWords } from '../console/boot-messages.ts';
import { reasonWords } from '../console/reason.ts';
import { arrayLabel } from '../labels.ts';
import { findingLines, findingText, stageWords } from './finding-text.ts';

/** Roles and disks named one by one; more are counted. */
const MAX_NAMED = 6;

/** Arrays named in one sentence; the rest are counted. */
const MAX_ARRAYS = 4;
const MORE_ARRAYS = 'more arrays likewise';

const NOTHING: AbsentMembers = new Map();

/** For a person: a sentence or two for each case, then what was assumed. 79 columns, safe for a console. */
export function renderExplanation(explanation: Explanation): string {
  const { cases, always, assumed } = explanationParts(explanation);
  const lines = cases.flatMap(({ lead: words, text, findings }) => [
    ...wrap(`${words} ${text}`),
    ...findingLines(findings),
  ]);
  if (always.length > 0)
    lines.push('', ...(cases.length > 1 ? ['In every case:'] : []), ...findingLines(always));
  return [...lines, '', ...wrap(assumed)].join('\n');
}

/** What is said, one case after the other; all of it safe for a console, lines of any length. */
export interface ExplanationParts {
  readonly cases: readonly {
    readonly forecast: Forecast;
    /** What the case is; ends in a comma or a colon. */
    readonly lead: string;
    readonly text: string;
    readonly findings: readonly Finding[];
  }[];
  /** Findings of every case, where there is more than one. */
  readonly always: readonly Finding[];
  readonly assumed: string;
}

export function explanationParts(explanation: Explanation): ExplanationParts {
  const { forecasts } = explanation;
  const common = commonFindings(explanation);
  const isCommon = (finding: Finding): boolean => common.includes(keyOf(finding));
  const passphrase = forecasts.some((one) => one.passphrase !== 'none') ? ', passphrases typed at once' : '';
  return {
    cases: forecasts.map((forecast) => ({
      forecast,
      lead: lead(forecast, explanation),
      text: sentence(forecast, explanation),
      findings: (forecast.findings ?? []).filter((one) => !isCommon(one)),
    })),
    always: (forecasts[0]?.findings ?? []).filter(isCommon),
    assumed: `Assumed: a clean shutdown now, the same kernel command line${passphrase}.`,
  };
}

/** Said once where it holds in every case, and there is more than one. */
function commonFindings({ forecasts }: Explanation): readonly string[] {
  const [first, ...others] = forecasts.map(({ findings = [] }) => findings.map(keyOf));
  if (first === undefined || others.length === 0) return [];
  return first.filter((key) => others.every((keys) => keys.includes(key)));
}

const keyOf = (finding: Finding): string => `${finding.stage} ${finding.grade} ${findingText(finding).text}`;

/** One case without its lead, as one line of any length. */
export function sentence(forecast: Forecast, explanation: Explanation): string {
  const text = forecast.outcome === 'up' ? upWords(forecast, explanation) : downWords(forecast, explanation);
  // What a keyscript needs is on no list: nothing is promised then.
  const doubt =
    explanation.needsUnlisted === true && forecast.outcome === 'up' ? 'as far as can be told, ' : '';
  const end = endsAt(forecast);
  const stops = end === null || end === 'arrays' ? '' : ` The boot stops ${stageWords(end)}.`;
  return `${unusedWords(forecast, explanation.disks)}${doubt}${text}${stops}`;
}

function lead({ taken, arrays }: Forecast, { disks, absent = NOTHING }: Explanation): string {
  const isWhole = arrays.every(({ array }) => !absent.has(array.uuid));
  if (taken.length === 0) return isWhole ? 'With all disks present,' : 'With the disks that are present now,';
  const named = taken.map((device) => diskWords(device, disks.get(device)));
  return `Without ${listWords(nameSome(named, MAX_NAMED, 'more disks'))}:`;
}

/** `sdb (WDC WD40EFRX, serial WD-1234)`. */
function diskWords(device: string, disk: KnownDisk | undefined): string {
  const { model = null, serial = null, byId = null } = disk?.identity ?? {};
  const details = [
    model === null ? null : escapeForConsole(model, 24),
    serial === null ? null : `serial ${escapeForConsole(serial, 24)}`,
    model === null && serial === null && byId !== null ? escapeForConsole(byId, 40) : null,
  ].filter((detail) => detail !== null);
  const name = escapeForConsole(device, 32);
  return details.length === 0 ? name : `${name} (${details.join(', ')})`;
}

function unusedWords({ taken }: Forecast, disks: Explanation['disks']): string {
  const unused = taken.filter((device) => disks.get(device)?.isUsed !== true);
  if (unused.length === 0) return '';
  const names = unused.map((device) => escapeForConsole(device, 32));
  const all = unused.length === taken.length;
  return `the boot does not need ${all ? (taken.length === 1 ? 'it' : 'them') : listWords(names)}; `;
}

function upWords(
  { arrays, rootAfterMs, mounts, passphrase }: Forecast,
  { absent = NOTHING }: Pick<Explanation, 'absent'>,
): string {
  const notWhole = inOrder(arrays).filter(
    ({ state, missingRoles }) => state !== 'found' || missingRoles.length > 0,
  );
  const parts = [
    ...nameSome(
      notWhole.map((array) => runWords(array, absent)),
      MAX_ARRAYS,
      MORE_ARRAYS,
    ),
  ];
  const resume = mounts.some(({ name, isThere }) => name === 'resume' && !isThere);
  if (resume) parts.push('the swap to resume from is missing');
  const after = seconds(rootAfterMs ?? 0);
  const lastStart = Math.max(0, ...arrays.map(({ startedAfterMs }) => startedAfterMs ?? 0));
  if (parts.length === 0) {
    const when = after === 0 ? 'without waiting' : `after ${after} s`;
    return `root comes up ${when}; ${passphrase === 'none' ? 'nothing is asked' : 'only the passphrase is asked for'}.`;
  }
  const asked = passphrase === 'above-the-arrays' ? 'the passphrase is asked for and ' : '';
  const late = after > seconds(lastStart) ? ` after ${after} s` : '';
  return `${parts.join('; ')}; then ${asked}root is mounted${late}.`;
}

function runWords(forecast: ArrayForecast, absent: AbsentMembers): string {
  const { state, missingRoles, startedAfterMs } = forecast;
  const name = arrayWords(forecast);
  if (state === 'not-started') return `${name} ${whyNot(forecast, absent)}, and the boot goes on without it`;
  const when =
    state === 'found' || seconds(startedAfterMs ?? 0) === 0
      ? 'at once'
      : `after ${seconds(startedAfterMs ?? 0)} s`;
  if (missingRoles.length === 0) return `${name} starts ${when}`;
  return `${name} is missing ${rolesWords(forecast, absent)}; it starts degraded ${when}`;
}

function downWords(forecast: Forecast, { disks, absent = NOTHING, failurePath }: Explanation): string {
  const { arrays, mounts, taken, outcome, stopsAtLayer, endAfterMs } = forecast;
  const stopping = inOrder(arrays).filter(({ stopsTheBoot }) => stopsTheBoot);
  const stops = stopping.map((array) => `${arrayWords(array)} ${whyNot(array, absent)}`);
  const parts = [...nameSome(stops, MAX_ARRAYS, MORE_ARRAYS)];
  const lost = mounts.filter(({ name, isThere }) => name !== 'resume' && !isThere);
  if (parts.length === 0) {
    const names = listWords(lost.map(({ name }) => (name === '/' ? 'root' : escapeForConsole(name, 40))));
    const used = taken.some((device) => disks.get(device)?.isUsed);
    parts.push(
      `${names} cannot be mounted${used ? `: a disk below ${lost.length === 1 ? 'it' : 'them'} is missing` : ''}`,
    );
  }
  const end =
    failurePath.kind === 'shell'
      ? 'the rescue shell'
      : `a ${failurePath.kind === 'restart' ? 'restart' : 'power-off'} (${escapeForConsole(failurePath.why, 18)})`;
  const ends = `ends in ${end} after ${seconds(endAfterMs)} s`;
  const layer = stopsAtLayer === null ? '' : ` at layer ${stopsAtLayer}`;
  const stop =
    outcome === 'asks'
      ? `the boot needs a person${layer}; without one, it ${ends}`
      : `the boot stops${layer} and ${ends}`;
  return `${parts.join('; ')}; ${stop}.`;
}

/** What follows "array root (raid1)" when it does not run. */
function whyNot(forecast: ArrayForecast, absent: AbsentMembers): string {
  const { verdict, missingRoles, slotCount, policy, failure } = forecast;
  if (failure !== null) return `could not be started: ${failureWords(failure)}`;
  switch (verdict.kind) {
    case 'absent':
      return 'cannot be started: none of its members is present';
    case 'insufficient':
      return `cannot be started: too few members are present (${slotCount - missingRoles.length} of ${slotCount})`;
    case 'unsafe':
      return `will not be started automatically: ${reasonWords(verdict.reason)}`;
    case 'startable': {
      const missing = `is missing ${rolesWords(forecast, absent)} and starts degraded`;
      return policy === 'never'
        ? `${missing} only by hand (degraded = "never")`
        : `${missing} only when you say so (degraded = "ask")`;
    }
    default:
      return 'is not started';
  }
}

const arrayWords = ({ array }: ArrayForecast): string =>
  `${array.behindPassphrase ? 'behind the passphrase, ' : ''}array ${arrayLabel(array)} (${levelName(array.level)})`;

/** As a person looks for them: from below, by name. */
const inOrder = (arrays: readonly ArrayForecast[]): readonly ArrayForecast[] =>
  arrays.toSorted(
    ({ array: a }, { array: b }) => a.layer - b.layer || (arrayLabel(a) < arrayLabel(b) ? -1 : 1),
  );

/** With the disk that held a role, where it is missing already and an earlier list knows it. */
function rolesWords({ array, missingRoles: roles, slotCount }: ArrayForecast, absent: AbsentMembers): string {
  if (roles.length > MAX_NAMED) return `${roles.length} of its ${slotCount} members`;
  const names = roles.map((role) => {
    const disk = absent.get(array.uuid)?.find((one) => one.role === role)?.disk ?? null;
    return disk === null ? `${role}` : `${role} (${escapeForConsole(disk, 60)})`;
  });
  return `${roles.length === 1 ? 'role' : 'roles'} ${listWords(names)}`;
}

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));
