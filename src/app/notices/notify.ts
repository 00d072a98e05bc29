import type { MachineStatus } from '../../core/inspect/machine-status.ts';
import { noticeFacts } from '../../core/inspect/notice-facts.ts';
import { type Due, dueNotices } from '../../core/notices/due.ts';
import type { DueEvent, NoticeEvent } from '../../core/notices/event.ts';
import type { NoticeFacts } from '../../core/notices/facts.ts';
import { parseHeardFailures } from '../../core/notices/heard-failures.ts';
import { NOTHING_TOLD, type Told } from '../../core/notices/told.ts';
import { formatTold, MAX_TOLD_BYTES, parseTold } from '../../core/notices/told-file.ts';
import { type Message, renderMessage } from '../../core/render/notices/message-text.ts';
import { renderMotd } from '../../core/render/notices/motd.ts';
import type { Report } from '../../core/report/report-file.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { Files } from '../../ports/files.ts';
import type { NoticeWays } from '../../ports/notice-ways.ts';
import { readStatus } from '../inspect/status.ts';
import type { Machine } from '../machine.ts';
import { ledgerPlaces, motdPath, runPath, toldLastsPath, toldPath, writeInFolder } from '../own-places.ts';
import { readBootReport } from '../read/boot-report.ts';
import { DeviceObserver } from '../read/device-observer.ts';
import { modelAndSerial, readUdevRecord } from '../read/udev-record.ts';
import { readChannelSettings } from './channel-settings.ts';
import { CHANNEL_MS, channelsOf } from './channels.ts';
import { type Delivery, deliver } from './deliver.ts';
import { openDesktops } from './desktop.ts';
import { type ListOfNow, readNextBootRisk } from './next-boot-at-risk.ts';
import { outsideTheUnit } from './outside-the-unit.ts';

export interface NotifyFindings {
  /** What was, or would be, sent; null: nothing is due. */
  readonly message: Message | null;
  readonly deliveries: readonly Delivery[];
  /** Each is one line, safe for a console. */
  readonly warnings: readonly string[];
  /** Something waits to be told: look again after this long, milliseconds. */
  readonly againAfterMs: number | null;
}

/** md-event writes no more. */
const MAX_HEARD_BYTES = 128 * 1024;

/** A channel that has failed is told of by the others this soon. */
const AFTER_FAILURE_MS = 61_000;

/**
 * `reliable-raid notify`: tells people what they do not know yet, on every channel. With `dryRun` nothing is sent or remembered. What
 * is told is remembered once it is on its way: a machine that stops in between tells it again, and not never.
 */
export async function notify(
  machine: Machine,
  ways: NoticeWays,
  listNow: ListOfNow,
  { dryRun }: { readonly dryRun: boolean },
): Promise<NotifyFindings> {
  const { settings, warnings, sharesMdmonitorsMail } = await readChannelSettings(machine);
  const { told: before, fault } = await readTold(machine);
  const status = await readStatus(machine, listNow);
  const facts = await factsOf(machine, status, listNow, before);
  const due = dueNotices(facts, before);
  const hostName = await readHostName(machine);
  const message = due.events.length === 0 ? null : renderMessage(due.events, hostName);
  const all = [...warnings, ...(fault === null ? [] : [fault])];
  if (dryRun) return { message, deliveries: [], warnings: all, againAfterMs: due.againAfterMs };

  const channels = channelsOf(machine, ways, {
    ...{ settings, hostName, outside: await outsideTheUnit(machine, CHANNEL_MS) },
    desktops: settings.desktop && mayNeedDesktops(due, before) ? await openDesktops(machine) : [],
    mdmonitorMails: message !== null && sharesMdmonitorsMail && (await isMdmonitorActive(machine)),
  });
  const { deliveries, unsent } = await deliver(channels, {
    ...{ events: due.events, before: before.unsent, nowMs: facts.nowMs },
    makeNotice: (events) => ({ message: renderMessage(events, hostName), events, isTest: false }),
  });
  all.push(...(await remember(machine, { ...due.told, unsent })));
  const motd = settings.motd ? await showMotd(machine, facts) : null;
  if (motd !== null) all.push(motd);
  return { message, deliveries, warnings: all, againAfterMs: againAfter(due, deliveries, before) };
}

const mayNeedDesktops = ({ events }: Due, { unsent }: Told): boolean =>
  events.length > 0 || unsent.some(({ channel }) => channel === 'desktop');

const isMdmonitorActive = async ({ runner }: Machine): Promise<boolean> =>
  (await runner.run(['systemctl', '--quiet', 'is-active', 'mdmonitor.service'])).status === 0;

/** What failed just now is news to the other channels. */
const againAfter = (
  { againAfterMs }: Due,
  deliveries: readonly Delivery[],
  { unsent }: Told,
): number | null =>
  deliveries.some(({ channel, why }) => why !== null && !unsent.some((one) => one.channel === channel))
    ? Math.max(AFTER_FAILURE_MS, againAfterMs ?? 0)
    : againAfterMs;

/** `reliable-raid notify --test`: a marked notice on every channel that is configured, and what became of it. Remembers nothing. */
export async function notifyTest(machine: Machine, ways: NoticeWays): Promise<NotifyFindings> {
  const { settings, warnings } = await readChannelSettings(machine);
  const hostName = await readHostName(machine);
  const events = [TEST_EVENT];
  const message = renderMessage(events, hostName, true);
  const channels = channelsOf(machine, ways, {
    ...{ settings, hostName, outside: await outsideTheUnit(machine, CHANNEL_MS), mdmonitorMails: false },
    desktops: settings.desktop ? await openDesktops(machine) : [],
  });
  const { deliveries } = await deliver(channels, {
    ...{ events, before: [], nowMs: 0 },
    makeNotice: () => ({ message, events, isTest: true }),
  });
  return { message, deliveries, warnings, againAfterMs: null };
}

const TEST_EVENT: DueEvent = {
  how: 'new',
  event: {
    kind: 'degraded',
    key: 'test',
    array: null,
    disks: ['TEST'],
    detail: 'test',
  } satisfies NoticeEvent,
};

async function factsOf(
  machine: Machine,
  status: MachineStatus,
  listNow: ListOfNow,
  before: Told,
): Promise<NoticeFacts> {
  const { files, paths } = machine;
  const bootId = (await files.readText(`${paths.proc}/sys/kernel/random/boot_id`))?.trim() ?? '';
  const { members } = await new DeviceObserver(files, paths).rescanAll();
  const heard = (await files.readText(runPath(paths, 'md-failures'), MAX_HEARD_BYTES)) ?? '';
  const devices = new Set([
    ...members.map(({ device }) => device),
    ...status.arrays.flatMap(({ bound, held }) => [...bound, ...held].map(({ device }) => device)),
  ]);
  const diskNames = new Map<string, string>();
  for (const device of devices) {
    const record = await readUdevRecord(files, paths, device);
    if (record !== null) diskNames.set(device, modelAndSerial(record));
  }
  return noticeFacts(status, {
    bootId,
    later: await reportAfterBoot(machine),
    heard: parseHeardFailures(heard),
    nextBootFault: await faultOfNextBoot(machine, listNow, before),
    failedChannels: [...new Map(before.unsent.map(({ channel, why }) => [channel, why]))].map(
      ([name, why]) => ({
        name,
        why,
      }),
    ),
    diskNames,
    deviceUuids: new Map(members.map(({ device, superblock }) => [device, superblock.deviceUuid])),
  });
}

/** What cannot be read has nothing to tell. */
async function reportAfterBoot(machine: Machine): Promise<Report | null> {
  const read = await readBootReport(machine, 'arrays.json');
  return read.ok ? read.value : null;
}

/** Where nothing can be said now, what was told stands. */
async function faultOfNextBoot(
  machine: Machine,
  listNow: ListOfNow,
  { faults }: Told,
): Promise<string | null> {
  const risk = await readNextBootRisk(machine, listNow);
  if (risk.kind === 'known') return risk.fault;
  return faults.find(({ event }) => event.kind === 'boot-endangered')?.event.detail ?? null;
}

/** What could not be kept for good counts for this boot. */
async function readTold({
  files,
  paths,
}: Machine): Promise<{ readonly told: Told; readonly fault: string | null }> {
  for (const path of [runPath(paths, 'told.json'), toldPath(ledgerPlaces(paths))]) {
    const text = await files.readText(path, MAX_TOLD_BYTES);
    if (text === null) continue;
    const parsed = parseTold(text, path);
    return parsed.ok
      ? { told: parsed.value, fault: null }
      : { told: NOTHING_TOLD, fault: `${path}: ${escapeForConsole(parsed.why, 200)}: all is told anew` };
  }
  return { told: NOTHING_TOLD, fault: null };
}

/** What went wrong, a line each. */
async function remember({ files, paths }: Machine, told: Told): Promise<readonly string[]> {
  const path = toldPath(ledgerPlaces(paths));
  const text = formatTold(told);
  const mark = toldLastsPath(ledgerPlaces(paths));
  const forThisBoot = runPath(paths, 'told.json');
  const markForThisBoot = runPath(paths, 'told-lasts');
  const why = (await writeInFolder(files, path, text)) ?? (await setMark(files, mark, told));
  if (why === null) {
    await files.remove(forThisBoot);
    await files.remove(markForThisBoot);
    return [];
  }
  const also =
    (await writeInFolder(files, forThisBoot, text)) ?? (await setMark(files, markForThisBoot, told));
  const faults = [`${path}: ${escapeForConsole(why, 200)}: what was told is known for this boot only`];
  return also === null ? faults : [...faults, `${forThisBoot}: ${escapeForConsole(also, 200)}`];
}

/** Where nothing lasts and nothing waits, no timer runs. Why it could not be set, or null. */
async function setMark(
  files: Files,
  path: string,
  { faults, waiting, unsent }: Told,
): Promise<string | null> {
  if (faults.length + waiting.length + unsent.length > 0) return writeInFolder(files, path, '');
  await files.remove(path);
  return null;
}

const readHostName = async ({ files, paths }: Machine): Promise<string> =>
  (await files.readText(`${paths.proc}/sys/kernel/hostname`))?.trim() ?? '';

/** Why the login message could not be changed, or null. */
async function showMotd({ files, paths }: Machine, facts: NoticeFacts): Promise<string | null> {
  const path = motdPath(paths);
  const text = renderMotd(facts.standing);
  if (text !== null) {
    const why = await writeInFolder(files, path, text);
    return why === null ? null : `${path}: ${escapeForConsole(why, 200)}`;
  }
  // What may not be read may be wrong still.
  if (facts.isWhole) await files.remove(path);
  return null;
}
