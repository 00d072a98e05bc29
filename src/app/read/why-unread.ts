import type { Machine } from '../machine.ts';
import { deviceNode } from './device-name.ts';

/** Why nothing could be read from a device. */
export interface Unread {
  /** Kernel name. */
  readonly device: string;
  readonly kind: 'missing' | 'no-block-device' | 'denied' | 'error';
  /** Half a sentence, for people. */
  readonly why: string;
}

type Sources = Pick<Machine, 'files' | 'paths'>;

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

/** Those of these devices that may not be read. */
export async function deniedOf(machine: Sources, devices: readonly string[]): Promise<readonly Unread[]> {
  const denied: Unread[] = [];
  for (const device of devices) {
    const unread = await whyUnread(machine, device);
    if (unread?.kind === 'denied') denied.push(unread);
  }
  return denied;
}
