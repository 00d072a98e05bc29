import type { CameMember } from '../../engine/messages.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { cut, fit, listWords, nameSome, wrap } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import type { Presence, UnfitMember, UnfitReason } from '../../verdict/presence.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { diskLabel } from '../labels.ts';

/** Members named for one array; the rest are counted. */
const MAX_MEMBERS = 8;

/** Devices named in one sentence. */
const MAX_NAMED = 3;

const UNKNOWN_DISK = 'a disk that is not known here';

/** What is present and does not count, then one line for each member that is absent: its role, and the disk as a person knows it. */
export function memberLines(lead: string, { absent, unfit }: Presence): string[] {
  const lines = unfit.slice(0, MAX_MEMBERS).flatMap(unfitLines);
  if (unfit.length > MAX_MEMBERS) lines.push(`  present, not counted  ${unfit.length - MAX_MEMBERS} more`);
  for (const { role, disk } of absent.slice(0, MAX_MEMBERS)) {
    const place = typeof role === 'number' ? `role ${role}` : role;
    lines.push(fit(`  ${lead}  ${place}  ${disk === null ? UNKNOWN_DISK : diskLabel(disk)}`));
  }
  if (absent.length > MAX_MEMBERS) lines.push(`  ${lead}  ${absent.length - MAX_MEMBERS} more`);
  return lines;
}

function unfitLines({ device, role, disk, why }: UnfitMember): string[] {
  const place = role === null ? '' : `  role ${role}`;
  const name = disk === null ? UNKNOWN_DISK : diskLabel(disk);
  return [
    fit(`  present${place}  ${escapeForConsole(device, 16)}  ${name}`),
    `    does not count: ${unfitWords(why)}`,
  ].flatMap(wrap);
}

/** Why a device that is plugged in does not count, as the end of a sentence. */
export function unfitWords(why: UnfitReason): string {
  switch (why.code) {
    case 'failed':
      return 'it has failed';
    case 'rebuilding':
      return 'its rebuild was not finished';
    case 'left-out':
      return 'the newest members have it in no role';
    case 'spare':
      return 'it is a spare now, without data';
    case 'older':
      return `its data is from ${utcDate(why.writtenMs)}, ${why.behind} events behind`;
    case 'outdated':
      return 'its data is older';
    case 'unreadable':
      return 'no md superblock can be read from it';
    case 'other-array':
      return 'it is a member of another array now';
  }
}

/** What is left to do where devices are present, none of them is fit, and the rest is too few; else nothing. */
export function unfitAdvice({ absent, unfit }: Presence, verdict: Verdict): readonly string[] {
  if (unfit.length === 0 || (verdict.kind !== 'insufficient' && verdict.kind !== 'absent')) return [];
  const devices = nameSome(
    unfit.map(({ device }) => `/dev/${escapeForConsole(device, 16)}`),
    MAX_NAMED,
  );
  const attach = absent.length === 0 ? '' : 'Attach a missing disk, or look at what is present: ';
  const isOlder = unfit.some(
    ({ why }) => why.code === 'older' || why.code === 'outdated' || why.code === 'left-out',
  );
  const force = isOlder
    ? ' Older data can be started by hand; mdadm(8) says how and at what price (ASSEMBLE MODE).'
    : ' What is on it is not enough to start the array.';
  return [`  ${attach}mdadm --examine ${devices.join(' ')}.${force}`];
}

/** `role 1 (sdb, WDC WD40EFRX (serial WD-WCC7K1))`, for what came while it was waited for; empty when nothing did. */
export function cameWords(came: readonly CameMember[]): string {
  const named = came.map(({ device, role, disk }) => {
    const place = role === null ? '' : typeof role === 'number' ? `role ${role}` : role;
    const node = escapeForConsole(device, 16);
    const name = disk === null ? '' : `, ${diskLabel(disk)}`;
    return place === '' ? `${node}${name}` : `${place} (${node}${name})`;
  });
  return cut(listWords(nameSome(named, MAX_NAMED)), 400);
}
