import type { NoticeEvent, StandingKind } from '../notices/event.ts';
import type { HeardFailure, NoticeFacts, SeenArray, SeenMember } from '../notices/facts.ts';
import type { Report } from '../report/report-file.ts';
import type { TimelineEntry } from '../report/timeline.ts';
import type { ArrayStatus } from './array-status.ts';
import { type MachineStatus, problemsOf, startedDegradedIn } from './machine-status.ts';

/** What is known beside the status. */
export interface BesideStatus {
  readonly bootId: string;
  /** Where the next boot ends, or may end, half a sentence; null where it is fine or was not asked. */
  readonly nextBootFault: string | null;
  /** Channels that do not take messages, and why. */
  readonly failedChannels: readonly { readonly name: string; readonly why: string }[];
  /** What reliable-raid-arrays.service decided after the boot image; null where it had nothing to decide. */
  readonly later: Report | null;
  /** Failures that mdadm has told of in this boot. */
  readonly heard: readonly HeardFailure[];
  /** How a disk is known, by its kernel name. */
  readonly diskNames: ReadonlyMap<string, string>;
  /** Device UUIDs by kernel name, where superblocks can be read. */
  readonly deviceUuids: ReadonlyMap<string, string>;
}

/** What people are to know, from how everything stands and what this boot has reported. */
export function noticeFacts(status: MachineStatus, beside: BesideStatus): NoticeFacts {
  const { arrays, lastBoot, unreadable, nowMs } = status;
  const report = lastBoot.kind === 'reported' ? lastBoot.report : null;
  const reports = [report, beside.later].filter((one) => one !== null);
  const entries = reports.flatMap(({ timeline }) => timeline).sort((a, b) => a.atMs - b.atMs);
  return {
    nowMs,
    bootId: beside.bootId,
    arrays: arrays.flatMap((array) => seenArray(array, beside)),
    standing: [
      ...arrays.flatMap((array) => faultsOf(array, entries, beside)),
      ...machineFaults(status, report, beside),
    ],
    reported: [
      ...reports.flatMap((one) => startedOf(one, arrays)),
      ...reports.flatMap((one) => answeredOf(one, arrays)),
    ],
    heard: beside.heard,
    isWhole: unreadable.length === 0,
  };
}

function seenArray(array: ArrayStatus, beside: BesideStatus): readonly SeenArray[] {
  const { uuid, name, device, condition, bound, held } = array;
  if (uuid === null) return [];
  const member = (kernelName: string, state: SeenMember['state']): SeenMember => ({
    id: beside.deviceUuids.get(kernelName) ?? kernelName,
    disk: diskOf(kernelName, beside),
    state,
  });
  const members = [
    ...bound.map(({ device: one, slot, words }) =>
      member(
        one,
        words.includes('faulty')
          ? 'failed'
          : words.includes('in_sync')
            ? 'in-sync'
            : slot === null
              ? 'spare'
              : 'filling',
      ),
    ),
    ...held.map((one) => member(one.device, 'held')),
  ];
  return [{ uuid, name, device, isRunning: condition !== 'down', members }];
}

const diskOf = (device: string, { diskNames }: BesideStatus): string => {
  const name = diskNames.get(device) ?? '';
  return name === '' ? `/dev/${device}` : `/dev/${device}, ${name}`;
};

function faultsOf(
  array: ArrayStatus,
  entries: readonly TimelineEntry[],
  beside: BesideStatus,
): readonly NoticeEvent<StandingKind>[] {
  const { uuid, name, device, condition, held, isOurs } = array;
  if (uuid === null) return [];
  const about = { uuid, name, device };
  const missing = array.missing.map(({ role, disk, calledBefore, failedDevice }) => {
    if (failedDevice !== null) return diskOf(failedDevice, beside);
    const known = [disk?.model, disk?.serial === null ? null : `serial ${disk?.serial ?? ''}`].filter(
      (word) => word !== null && word !== undefined,
    );
    return disk !== null && known.length > 0 ? known.join(', ') : (calledBefore ?? `role ${role}`);
  });
  const found: NoticeEvent<StandingKind>[] = held.map((one) => ({
    ...{ kind: 'member-held', key: `${uuid}/held/${beside.deviceUuids.get(one.device) ?? one.device}` },
    ...{ array: about, disks: [diskOf(one.device, beside)], detail: one.why },
  }));
  const fault = (kind: StandingKind, detail: string): void => {
    found.unshift({ kind, key: `${uuid}/${kind}`, array: about, disks: missing, detail });
  };
  if (condition === 'failed') fault('array-failed', '');
  if (condition === 'degraded' || condition === 'rebuilding')
    fault('degraded', array.startedDegraded ? 'since boot' : '');
  if (condition === 'down' && isOurs)
    fault(isAsked(array, entries) ? 'question-open' : 'not-started', array.verdict?.kind ?? '');
  return found;
}

/** Somebody was asked, or would be, and nobody has answered. */
function isAsked({ uuid, verdict }: ArrayStatus, entries: readonly TimelineEntry[]): boolean {
  if (verdict?.kind === 'unsafe') return true;
  const last = entries.findLast(
    (entry) => (entry.kind === 'asked' || entry.kind === 'answered') && entry.array === uuid,
  );
  return last?.kind === 'asked';
}

function machineFaults(
  status: MachineStatus,
  report: Report | null,
  { nextBootFault, failedChannels }: BesideStatus,
): readonly NoticeEvent<StandingKind>[] {
  const found: NoticeEvent<StandingKind>[] = [];
  const fault = (kind: StandingKind, detail: string, key: string = kind): void => {
    found.push({ kind, key, array: null, disks: [], detail });
  };
  if (report?.outcome === 'given-back') fault('program-gave-way', '');
  if (status.lastBoot.kind === 'gave-way') fault('program-gave-way', status.lastBoot.why);
  if (nextBootFault !== null) fault('boot-endangered', nextBootFault);
  if (problemsOf(status).some(({ kind }) => kind === 'old-image' || kind === 'no-image-list'))
    fault('image-outdated', '');
  for (const { name, why } of failedChannels) fault('channel-failed', `${name}: ${why}`, `channel/${name}`);
  return found;
}

const aboutOf = (uuid: ArrayStatus['uuid'], report: Report, arrays: readonly ArrayStatus[]) => {
  const now = arrays.find((array) => array.uuid === uuid);
  const name = now?.name ?? report.arrays.find((array) => array.uuid === uuid)?.name ?? '';
  return uuid === null ? null : { uuid, name, device: now?.device ?? null };
};

/** What this boot started degraded: an array that is whole by now tells nothing of it. */
const startedOf = (report: Report, arrays: readonly ArrayStatus[]): readonly NoticeEvent[] =>
  [...startedDegradedIn(report)].map((uuid) => ({
    ...{ kind: 'started-degraded' as const, key: `${uuid}/started-degraded` },
    ...{ array: aboutOf(uuid, report, arrays), disks: [], detail: '' },
  }));

const answeredOf = (report: Report, arrays: readonly ArrayStatus[]): readonly NoticeEvent[] =>
  report.timeline.flatMap((entry) =>
    entry.kind === 'answered'
      ? [
          {
            ...{ kind: 'question-answered' as const, key: `${entry.array}/answered/${entry.atMs}` },
            ...{
              array: aboutOf(entry.array, report, arrays),
              disks: entry.devices.map((one) => `/dev/${one}`),
            },
            detail: `choice ${entry.choice} on ${entry.console}`,
          },
        ]
      : [],
  );
