import { type Explanation, endsAt } from '../../explain/explanation.ts';
import type { ArrayStatus } from '../../inspect/array-status.ts';
import { isGrave } from '../../inspect/finding.ts';
import {
  exitStatus,
  type LastBoot,
  type MachineStatus,
  startedDegradedIn,
} from '../../inspect/machine-status.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { cut } from '../../text/lines.ts';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** The longest text that a label takes from a disk or from the gate. */
const MAX_LABEL = 128;

/**
 * For the textfile collector of Prometheus' node_exporter. What is not known has no sample: a 0 is a fact. `nextBoot`: of
 * `explain --each`; null where it was not asked for.
 */
export function renderMetrics(status: MachineStatus, nextBoot: Explanation | null): string {
  const { arrays, lastBoot, image, ledger, nowMs, unreadable } = status;
  const ours = arrays.filter(({ uuid, isOurs }) => uuid !== null && isOurs);
  const perArray = (measure: (array: ArrayStatus) => number): readonly Sample[] =>
    ours.map((array) => ({ labels: labelsOf(array), value: measure(array) }));
  return [
    metric('status', 'As the exit status of reliable-raid status: 0 fine, 1 degraded, 2 unusable.', [
      plain(exitStatus(arrays)),
    ]),
    metric(
      'array_running',
      'Whether the array runs.',
      perArray(({ condition }) => Number(condition !== 'down')),
    ),
    metric(
      'array_complete',
      'Whether every slot of the array has a member in sync.',
      perArray(({ condition }) => Number(condition === 'complete')),
    ),
    metric(
      'array_started_degraded',
      'Whether this boot started the array degraded, and it has not been complete since.',
      perArray(({ startedDegraded }) => Number(startedDegraded)),
    ),
    metric(
      'array_diverged_members',
      'Members of an array that does not run that were each used without the other.',
      perArray(divergedCount),
    ),
    metric(
      'array_missing_members',
      'Slots without a member.',
      perArray(({ missing }) => missing.length),
    ),
    metric(
      'missing_member',
      'A slot without a member, and the serial number of the disk that held it; empty where it is not known.',
      ours.flatMap((array) =>
        array.missing.map(({ role, disk }) => ({
          labels: { ...labelsOf(array), role: String(role), serial: disk?.serial ?? '' },
          value: 1,
        })),
      ),
    ),
    metric(
      'held_member',
      'A member that is present and kept out of its array, and why.',
      ours.flatMap((array) =>
        array.held.map(({ device, why }) => ({ labels: { ...labelsOf(array), device, why }, value: 1 })),
      ),
    ),
    ...bootMetrics(lastBoot),
    metric(
      'image_current',
      'Whether the boot image has the list of arrays that would be made now.',
      image.kind === 'compared' ? [plain(Number(image.changes.length === 0))] : [],
    ),
    metric(
      'ledger_current',
      'Whether the next boot knows which members are in sync now.',
      ledger.kind === 'recorded' ? [plain(Number(ledger.isCurrent))] : [],
    ),
    metric('unreadable_members', 'Members that could not be read.', [plain(unreadable.length)]),
    metric(
      'next_boot_up',
      'Whether the next boot comes up unattended, as far as can be told; without: the disks that are taken away.',
      nextBoot === null ? [] : nextBootSamples(nextBoot),
    ),
    metric('last_run_timestamp_seconds', 'When this was written.', nowMs === 0 ? [] : [plain(nowMs / 1000)]),
  ].join('');
}

const labelsOf = ({ uuid, name }: ArrayStatus): Labels => ({ uuid: uuid ?? '', name });

const divergedCount = ({ verdict }: ArrayStatus): number =>
  verdict?.kind === 'unsafe' && verdict.reason.code === 'split-brain' ? verdict.reason.members.length : 0;

/** A boot that is not known has no samples. */
function bootMetrics(boot: LastBoot): readonly string[] {
  const isKnown = boot.kind === 'reported' || boot.kind === 'nothing-to-do';
  const report = boot.kind === 'reported' ? boot.report : null;
  const end = report?.timeline.at(-1)?.atMs ?? null;
  const waitedMs = report === null || end === null ? 0 : Math.max(0, end - report.discoveryAtMs);
  return [
    metric(
      'boot_degraded',
      'Whether this boot started an array of root degraded.',
      isKnown ? [plain(report !== null && startedDegradedIn(report).size > 0 ? 1 : 0)] : [],
    ),
    metric(
      'boot_wait_seconds',
      'From the search for devices to the end of the boot engine; 0 where every array was complete at once.',
      isKnown ? [plain(waitedMs / 1000)] : [],
    ),
  ];
}

function nextBootSamples({ forecasts, disks }: Explanation): readonly Sample[] {
  return forecasts.map((forecast) => ({
    labels: {
      without: forecast.taken.join(' '),
      serial: forecast.taken.map((device) => disks.get(device)?.identity.serial ?? '').join(' '),
    },
    value: Number(endsAt(forecast) === null && !(forecast.findings ?? []).some(isGrave)),
  }));
}

const plain = (value: number): Sample => ({ labels: {}, value });

/** HELP and TYPE stand also where there is no sample: that the program knows the metric is a fact too. */
function metric(name: string, help: string, samples: readonly Sample[]): string {
  const full = `reliable_raid_${name}`;
  const lines = new Set(samples.map(({ labels, value }) => `${full}${labelText(labels)} ${value}`));
  return `${[`# HELP ${full} ${help}`, `# TYPE ${full} gauge`, ...lines].join('\n')}\n`;
}

function labelText(labels: Labels): string {
  const entries = Object.entries(labels);
  if (entries.length === 0) return '';
  return `{${entries.map(([name, value]) => `${name}="${labelValue(value)}"`).join(',')}}`;
}

/** What is no printable ASCII is shown as its number; then backslashes and quotes as the format wants them. */
const labelValue = (text: string): string =>
  cut(
    text.replace(/[^\x20-\x7e]/gu, (char) => escapeForConsole(char)),
    MAX_LABEL,
  ).replace(/[\\"]/g, '\\$&');
