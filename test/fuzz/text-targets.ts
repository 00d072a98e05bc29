import { START } from '../../src/cli/command-table.ts';
import { parseArguments } from '../../src/cli/image/arguments.ts';
import { bootOptions } from '../../src/core/configuration/boot-options.ts';
import { formatArrayLines } from '../../src/core/image/array-lines.ts';
import { crc32 } from '../../src/core/ledger/crc32.ts';
import { LEDGER_SCHEMA } from '../../src/core/ledger/ledger.ts';
import { formatLedgerFile, parseLedgerFile } from '../../src/core/ledger/ledger-file.ts';
import { formatLedgerText, parseLedgerText } from '../../src/core/ledger/ledger-text.ts';
import { parseBlkidExport } from '../../src/core/parse/blkid-export.ts';
import { parseCrypttab } from '../../src/core/parse/crypttab.ts';
import { parseDmsetupInfo } from '../../src/core/parse/dmsetup-info.ts';
import { parseFindmntFstab, parseFindmntMounts } from '../../src/core/parse/findmnt-json.ts';
import { parseFstab } from '../../src/core/parse/fstab.ts';
import { lastAssignment } from '../../src/core/parse/initramfs-conf.ts';
import { parseKernelCmdline } from '../../src/core/parse/kernel-cmdline.ts';
import { parseLsblkJson } from '../../src/core/parse/lsblk-json.ts';
import { parsePvs } from '../../src/core/parse/lvm-pvs.ts';
import { parseMdadmConf } from '../../src/core/parse/mdadm-conf.ts';
import { parseMdadmDetailExport } from '../../src/core/parse/mdadm-detail-export.ts';
import { parseMdadmExamine } from '../../src/core/parse/mdadm-examine.ts';
import { parseMdadmMap } from '../../src/core/parse/mdadm-map.ts';
import { parseMountinfo } from '../../src/core/parse/mountinfo.ts';
import { parseProcSwaps } from '../../src/core/parse/proc-swaps.ts';
import { UdevMonitorParser } from '../../src/core/parse/udev-monitor.ts';
import { parseUdevRecord } from '../../src/core/parse/udev-record.ts';
import { renderListing } from '../../src/core/render/console/listing.ts';
import { parseAnyReport } from '../../src/core/report/any-report.ts';
import { formatReport, MAX_ENTRIES, parseReport } from '../../src/core/report/report-file.ts';
import { EMPTY_SNAPSHOT } from '../../src/core/snapshot/snapshot.ts';
import { escapeForConsole } from '../../src/core/text/escape-console.ts';
import { judgeVolume } from '../../src/core/verdict/judge-volume.ts';
import { DEFAULT_SETTINGS } from '../../src/core/watchlist/watchlist.ts';
import { formatWatchlist, parseWatchlist } from '../../src/core/watchlist/watchlist-file.ts';

/** Gives what is nonsense in what was accepted, or null. A parser that throws is a fault by itself. */
export type TextTarget = (text: string) => string | null;

const UUID = /^[0-9a-f]{8}(:[0-9a-f]{8}){3}$/;
const PRINTABLE_LINES = /^[\x20-\x7e\n]*$/;

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
const unless = (sound: boolean, nonsense: string): string | null => (sound ? null : nonsense);

/** One line a parser of text: its kind in the corpus, and what is nonsense when it is accepted. */
export const TEXT_TARGETS: Readonly<Record<string, TextTarget>> = {
  fstab: (text) =>
    unless(
      parseFstab(text).entries.every(
        ({ line, mountPoint, fsType }) =>
          (line ?? 0) > 0 &&
          fsType !== '' &&
          (mountPoint.startsWith('/') || mountPoint === 'none' || mountPoint === 'swap'),
      ),
      'a mount that is none',
    ),
  crypttab: (text) =>
    unless(
      parseCrypttab(text).entries.every(
        ({ target, source }) => target !== '' && source !== '' && !target.includes('/'),
      ),
      'a mapping that is none',
    ),
  mountinfo: (text) =>
    unless(
      parseMountinfo(text).every(
        ({ device, mountPoint }) => /^\d+:\d+$/.test(device) && mountPoint.startsWith('/'),
      ),
      'a mount that is none',
    ),
  swaps: (text) =>
    unless(
      parseProcSwaps(text).every(({ path }) => path.startsWith('/')),
      'a swap without a path',
    ),
  cmdline: ofCmdline,
  mdadmDetail: (text) => {
    const read = parseMdadmDetailExport(text);
    return unless(
      !read.ok ||
        read.value.every(
          ({ uuid, devices, members }) =>
            UUID.test(uuid) &&
            isCount(devices) &&
            members.every(({ role }) => typeof role === 'string' || (isCount(role) && role < 10_000)),
        ),
      'an array with an impossible UUID, number of devices or role',
    );
  },
  mdadmExamine: (text) => {
    const read = parseMdadmExamine(text, text);
    if (!read.ok) return unless(read.why !== '', 'refused without a reason');
    const { containerUuid, generation, volumes } = read.value;
    return unless(
      UUID.test(containerUuid) &&
        isCount(generation) &&
        volumes.every(
          ({ uuid, slots, ownSlot, level }) =>
            UUID.test(uuid) &&
            slots.length > 0 &&
            (ownSlot === null || (isCount(ownSlot) && ownSlot < slots.length)) &&
            isCount(level) &&
            judgeVolume(uuid, [{ device: 'sda', examined: read.value }]).kind !== 'absent',
        ),
      'a volume with impossible slots',
    );
  },
  mdadmConf: (text) =>
    unless(
      parseMdadmConf(text).arrays.every(({ uuid }) => uuid === null || UUID.test(uuid)),
      'a UUID that is none',
    ),
  mdadmMap: (text) =>
    unless(
      [...parseMdadmMap(text)].every(([device, uuid]) => /^md\w+$/.test(device) && UUID.test(uuid)),
      'an array that is none',
    ),
  lsblk: (text) => {
    const read = parseLsblkJson(text);
    return unless(
      !read.ok ||
        read.value.every(
          ({ device, sizeBytes }) => /^[!-.0-~]+$/.test(device) && (sizeBytes === null || isCount(sizeBytes)),
        ),
      'a device with an impossible name or size',
    );
  },
  blkid: (text) =>
    unless(
      parseBlkidExport(text).every(({ path }) => path.startsWith('/dev/')),
      'a record without a device',
    ),
  pvs: (text) => {
    const read = parsePvs(text);
    return unless(
      !read.ok ||
        read.value.every(
          ({ majorMinor, groupSize }) =>
            (majorMinor === null || /^\d+:\d+$/.test(majorMinor)) && isCount(groupSize),
        ),
      'a volume with an impossible number',
    );
  },
  findmnt: (text) => {
    const [fstab, mounts] = [parseFindmntFstab(text), parseFindmntMounts(text)];
    return unless(
      (!fstab.ok || fstab.value.every(({ options }) => options.length > 0)) &&
        (!mounts.ok ||
          new Set(mounts.value.map(({ mountPoint }) => mountPoint)).size === mounts.value.length),
      'an entry without options, or two mounts on one place',
    );
  },
  dmsetup: (text) => {
    const read = parseDmsetupInfo(text);
    return unless(
      !read.ok ||
        read.value.every(({ device, standsOn }) =>
          [device, ...standsOn].every((name) => /^[\w!.-]+$/.test(name)),
        ),
      'a device name that is none',
    );
  },
  udevRecord: (text) =>
    unless(
      [...parseUdevRecord(text).keys()].every((key) => key !== ''),
      'a property without a name',
    ),
  udevMonitor: ofMonitor,
  watchlist: ofWatchlist,
  ledgerText: ofLedgerText,
  ledgerFile: (text) => {
    const read = parseLedgerFile(text, 'ledger');
    if (!read.ok) return unless(read.why !== '' && read.at !== '', 'refused without a reason');
    const again = parseLedgerFile(formatLedgerFile(read.value), 'ledger');
    return unless(JSON.stringify(again) === JSON.stringify(read), 'reads back as another');
  },
  report: (text) => {
    const read = parseAnyReport(text, 'report');
    if (!read.ok) return unless(read.why !== '' && read.at !== '', 'refused without a reason');
    if (read.value.timeline.length > MAX_ENTRIES) return 'more entries than are kept';
    const again = parseReport(formatReport(read.value), 'report');
    return unless(JSON.stringify(again) === JSON.stringify(read), 'reads back as another');
  },
  arguments: (text) => {
    const read = parseArguments(text.split(' '), START);
    if (typeof read === 'string') return unless(read !== '', 'refused without a reason');
    return unless(
      [...read.values.keys(), ...read.switches].every((name) =>
        ['watchlist', 'copy', 'dry-run'].includes(name),
      ),
      'an option that is none',
    );
  },
};

function ofCmdline(text: string): string | null {
  const { waitMs, maxWaitMs, degraded, stale, warnings } = bootOptions(
    parseKernelCmdline(text),
    DEFAULT_SETTINGS,
  );
  lastAssignment(text, 'RESUME');
  if (waitMs !== null && !(isCount(waitMs) && waitMs <= 86_400_000)) return `a wait of ${waitMs} ms`;
  if (!(isCount(maxWaitMs) && maxWaitMs <= 86_400_000)) return `a wait of at most ${maxWaitMs} ms`;
  if (degraded !== null && !['start', 'ask', 'never'].includes(degraded)) return `degraded = ${degraded}`;
  if (!['ask', 'start'].includes(stale)) return `stale = ${stale}`;
  const escaped = escapeForConsole(text, 200);
  if (!/^[\x20-\x7e]*$/.test(escaped) || escaped.length > 200) return 'an escaped text that is not';
  return unless(warnings.length <= text.length, 'more warnings than words');
}

function ofMonitor(text: string): string | null {
  // It comes in pieces, cut anywhere.
  const inPieces = new UdevMonitorParser();
  const pieces: unknown[] = [];
  for (let at = 0; at < text.length; at += 97) pieces.push(...inPieces.push(text.slice(at, at + 97)));
  const whole = new UdevMonitorParser().push(text);
  if (whole.some(({ device }) => device === '' || device.includes('/'))) return 'an event of no device';
  const longest = Math.max(...text.split('\n').map((line) => line.length));
  return unless(longest > 1000 || JSON.stringify(whole) === JSON.stringify(pieces), 'other events in pieces');
}

/** As it came, and with its checksum made right again, so that the lines behind it are read. */
function ofLedgerText(text: string): string | null {
  const body = text.slice(text.indexOf('\n') + 1);
  const repaired = `${LEDGER_SCHEMA} ${crc32(body).toString(16).padStart(8, '0')}\n${body}`;
  for (const each of [text, repaired]) {
    const read = parseLedgerText(each, 'ledger');
    if (!read.ok) {
      if (read.why === '' || read.at === '') return 'refused without a reason';
      continue;
    }
    if (formatLedgerText(read.value, each.length).text !== each) return 'accepted, and not what is written';
    for (const { arrayUuid, events, inSync } of read.value.entries)
      if (!UUID.test(arrayUuid) || !isCount(events) || inSync.length === 0) return 'a record of nothing';
  }
  return null;
}

function ofWatchlist(text: string): string | null {
  const read = parseWatchlist(text);
  if (!read.ok) return unless(read.why !== '' && read.at !== '', 'refused without a reason');
  const formatted = formatWatchlist(read.value);
  const again = parseWatchlist(formatted);
  if (!again.ok) return `does not read back: ${again.at}: ${again.why}`;
  if (formatWatchlist(again.value) !== formatted) return 'reads back as another';
  if (!/^([0-9a-f:]{35} (before|after)\n)*$/.test(formatArrayLines(read.value)))
    return 'a line for the shell that is none';
  const listing = renderListing(read.value, EMPTY_SNAPSHOT, 'ask');
  if (!PRINTABLE_LINES.test(listing)) return 'a listing with control characters';
  return unless(
    listing.split('\n').every((line) => line.length <= 79),
    'a listing wider than 79 columns',
  );
}
