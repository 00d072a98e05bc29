import type { BoundMember, RunningFacts } from '../../core/inspect/array-status.ts';
import { parseSync } from '../../core/parse/md-sync.ts';
import { isRunning, type PresentArray } from '../../core/snapshot/snapshot.ts';
import type { FactSources } from '../machine.ts';
import { readMemberSlot, readMemberState } from './sysfs-array.ts';

/** What sysfs says of a running array, to anybody; null for one that does not run, containers among them. */
export async function readRunningFacts(
  { files, paths }: Pick<FactSources, 'files' | 'paths'>,
  array: PresentArray,
): Promise<RunningFacts | null> {
  if (!isRunning(array) && array.state !== 'broken' && array.state !== 'suspended') return null;
  const { device, uuid, state, degraded } = array;
  const md = `${paths.sys}/class/block/${device}/md`;
  const [level, layout, raidDisks, action, completed, speed, entries] = await Promise.all([
    files.readText(`${md}/level`),
    files.readText(`${md}/layout`),
    files.readText(`${md}/raid_disks`),
    files.readText(`${md}/sync_action`),
    files.readText(`${md}/sync_completed`),
    files.readText(`${md}/sync_speed`),
    files.list(md),
  ]);
  const members: BoundMember[] = [];
  for (const entry of entries) {
    if (!entry.startsWith('dev-')) continue;
    const name = entry.slice('dev-'.length);
    const words = await readMemberState(files, paths, device, name);
    // Let go of while we looked.
    if (words === null) continue;
    members.push({ device: name, slot: await readMemberSlot(files, paths, device, name), words });
  }
  return {
    ...{ device, uuid, state, degraded, members },
    level: level?.trim() ?? '',
    layout: whole(layout),
    raidDevices: whole(raidDisks),
    sync: parseSync(action, completed, speed),
  };
}

/** While an array is reshaped, the new number comes first, and the old one in brackets. */
const whole = (text: string | null): number => Number(/^\d{1,9}/.exec(text?.trim() ?? '')?.[0] ?? 0);
