// Sentences that several scenarios use.
import {
  array,
  ends,
  mounted,
  neverReports,
  neverSees,
  noFailedUnits,
  reports,
  sees,
} from '../scenario/expect.ts';

/** The partition of a disk that its array is on. */
export const member = (disk: string) => `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${disk}-part1`;

export const engine = 'usr/bin/reliable-raid';
export const watchlist = 'etc/reliable-raid/watchlist.json';

/** The image has been left; with systemd in the image (dracut) the first words are said of its own target, there. */
export const systemStarts =
  /Queued start job for default target (?!initrd)|initrd-switch-root\.service: Deactivated/;

export const notice = /NOTICE: array /;
/** Our messages begin with the name; systemd may say that it starts our units. */
export const anythingOfOurs = /NOTICE: array |reliable-raid(?!-[a-z])/;

const SHORT_S = 5;
/** Where the length of the wait is not what is tested. */
export const shortWait = `reliable_raid.wait=${SHORT_S}`;

/**
 * Where root does not come: dracut would wait 180 s for it. Its loop counts turns, half a second each and on a busy host more than one:
 * with its own 180 a boot took over 280 s there.
 */
export const shortRetry = 'rd.retry=30';

/** Where a step ends the wait: a guest whose devices come slowly (15 s, seen on Debian testing) still leaves time for it. */
export const timeForSteps = 'reliable_raid.wait=60';

/** The system runs, root is mounted from there, nothing was left out, failed or is still waited for. */
export const systemUp = (rootFrom: RegExp) => [
  ends('system'),
  mounted('/', rootFrom),
  noFailedUnits,
  neverSees(/ordering cycle/i),
];

/** Notice at 10 s, start at the 20 s deadline: not before, and at most 2 s (of an emulated processor) after it. */
export const startedAtDeadline = (name: string) => [
  sees(notice),
  reports('notice', { due: [10, 2.5] }),
  reports('array-started', { degraded: true, due: [20, 2.5], times: 1 }),
  neverReports('array-started', { sinceDiscovery: [0, 19.999] }),
  array(name, { degraded: 1 }),
];

/** A degraded start with `shortWait`, one only, and not before. */
export const startedAfterShortWait = [
  reports('array-started', { degraded: true, due: [SHORT_S, 2.5], times: 1 }),
  neverReports('array-started', { degraded: true, sinceDiscovery: [0, SHORT_S - 0.001] }),
];
