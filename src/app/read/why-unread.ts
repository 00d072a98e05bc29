import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import type { Machine } from '../machine.ts';
import { deviceNode } from './device-name.ts';
import { NEVER_MEMBER, readUdevRecord } from './udev-record.ts';

/** Why nothing could be read from a device. */
export interface Unread {
  /** Kernel name. */
  readonly device: string;
  readonly kind: 'missing' | 'no-block-device' | 'denied' | 'error';
  /** Half a sentence, for people. */
  readonly why: string;
}

type Sources = Pick<Machine, 'files' | 'paths'>;

const MEMBER_TYPES: ReadonlySet<string> = new Set([
  'linux_raid_member',
  'isw_raid_member',
  'ddf_raid_member',
]);

/**
 * Why a device gave nothing: unreadable is not absent. Null where it can be opened. Nothing but a block device is opened,
 * since for others, such as a watchdog, that is an act.
 */
export async function whyUnread({ files, paths }: Sources, device: string): Promise<Unread | null> {
  const node = deviceNode(paths.dev, device);
  const isThere = await files.exists(node);
  if (!(await files.exists(`${paths.sys}/class/block/${device}`)))
    return isThere
      ? { device, kind: 'no-block-device', why: 'it is no block device' }
      : { device, kind: 'missing', why: 'no such device' };
  if (!isThere) return { device, kind: 'missing', why: `it has no node in ${paths.dev}` };
  const opened = await files.readTextOrReason(node, 0);
  if ('text' in opened || opened.reason === 'missing') return null;
  return opened.reason === 'denied'
    ? { device, kind: 'denied', why: 'it may not be read: run it as root' }
    : { device, kind: 'error', why: `it cannot be opened (${opened.detail})` };
}

/** Members by udev or by what holds them, of which a look saw nothing since it may not read them. */
export async function deniedMembers(
  machine: Sources,
  { members }: Pick<Snapshot, 'members'>,
): Promise<readonly Unread[]> {
  const { files, paths } = machine;
  const seen = new Set(members.map(({ device }) => device));
  const denied: Unread[] = [];
  for (const device of await files.list(`${paths.sys}/class/block`)) {
    if (seen.has(device) || NEVER_MEMBER.test(device) || !(await isMember(machine, device))) continue;
    const unread = await whyUnread(machine, device);
    if (unread?.kind === 'denied') denied.push(unread);
  }
  return denied;
}

async function isMember({ files, paths }: Sources, device: string): Promise<boolean> {
  const record = await readUdevRecord(files, paths, device);
  if (MEMBER_TYPES.has(record?.get('ID_FS_TYPE') ?? '')) return true;
  const holders = await files.list(`${paths.sys}/class/block/${device}/holders`);
  return holders.some((name) => name.startsWith('md'));
}
