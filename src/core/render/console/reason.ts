import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords, nameSome } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import type { ExternalDisks, SplitMember, UnsafeReason } from '../../verdict/verdict.ts';

/** Devices named in one text; the rest are counted. */
const MAX_NAMED = 3;

const DIRTY = 'it was not shut down cleanly, so its parity may be wrong';

/** Why an array is not started automatically, as part of a sentence. Safe for a console. */
export function reasonWords(reason: UnsafeReason): string {
  switch (reason.code) {
    case 'dirty-degraded':
      return DIRTY;
    case 'journal-missing':
      return 'its write journal is missing or out of date';
    case 'reshape':
      return 'a reshape is under way that needs its backup file';
    case 'unknown-level':
      return `reliable-raid cannot judge level ${reason.level} (mdadm --run starts it)`;
    case 'split-brain':
      return splitWords(reason.members);
    case 'stale': {
      const { newer } = reason;
      const than =
        'device' in newer
          ? `its ${newer.role} ${escapeForConsole(newer.device)}`
          : `one from ${utcDate(newer.writtenMs)} that is missing`;
      return `this copy is from ${utcDate(reason.writtenMs)}, ${reason.behind} events behind ${than}`;
    }
    case 'duplicate-members': {
      const both = reason.devices.map((device) => escapeForConsole(device)).join(' and ');
      return reason.disk === null
        ? `${both} both say they are the member of role ${reason.role}`
        : `${both} look like two paths to one disk (${escapeForConsole(reason.disk, 32)}), without multipath`;
    }
    case 'external-metadata':
      return externalWords(`${reason.metadata} arrays are started by their container`, reason.disks);
  }
}

function splitWords(members: readonly SplitMember[]): string {
  const [only] = members;
  if (members.length === 1 && only !== undefined)
    return `role ${only.role} says it is in sync since ${utcDate(only.writtenMs)}, but was not when this machine last saw it`;
  const each = members.map(
    ({ device, role, writtenMs }) =>
      `${escapeForConsole(device)} (role ${role}, last written ${utcDate(writtenMs)})`,
  );
  return `${each.join(' and ')} were each used without the other`;
}

function externalWords(rule: string, disks: ExternalDisks | null): string {
  if (disks === null) return `${rule} only`;
  const { unread, silent, volume, container } = disks;
  const unknown = `mdadm cannot tell what is on ${nameAll(unread)}`;
  if (volume === null)
    return unread.length > 0 ? unknown : `${nameAll(silent)} of its container do not list it`;
  const { kind, slotCount, missingSlots, outdated } = volume;
  const present = slotCount - missingSlots.length;
  const old = outdated.length === 0 ? '' : `, and ${nameAll(outdated)} with older data`;
  const also = unread.length === 0 ? '' : `; ${unknown}`;
  const count = `${present} of ${slotCount} disks ${present === 1 ? 'is' : 'are'} present${old}${also}`;
  if (kind === 'dirty-degraded') return `${count}; ${DIRTY}`;
  if (kind === 'insufficient') return `${count}; ${rule}`;
  // mdadm starts all volumes of a container, degraded ones only with `--run`.
  const node = container === null ? 'CONTAINER' : `/dev/${escapeForConsole(container, 16)}`;
  return `${count}; ${rule} (mdadm --incremental ${kind === 'degraded' ? '--run ' : ''}${node})`;
}

const nameAll = (devices: readonly string[]): string =>
  listWords(
    nameSome(
      devices.map((device) => escapeForConsole(device, 16)),
      MAX_NAMED,
    ),
  );
