// What a recording does not hold but follows from it: sysfs and udev's database, as far as an observer of md looks.

import { type BlockDevice, parseLsblkJson } from '../../src/core/parse/lsblk-json.ts';
import { type MdDetail, parseMdadmDetailExport } from '../../src/core/parse/mdadm-detail-export.ts';
import { dashedUuid } from './dashed-uuid.ts';
import type { Folders, TextFiles } from './recorded-machine.ts';

export interface RecordedSysfs {
  readonly texts: TextFiles;
  readonly folders: Folders;
  /** The recording, with every block also under its device's kernel name. */
  readonly recording: TextFiles;
}

const BLOCK = '/sys/class/block';

export function recordedSysfs(recording: TextFiles): RecordedSysfs {
  const parsed = parseLsblkJson(recording['lsblk.json'] ?? '');
  if (!parsed.ok) throw new Error(`${parsed.at}: ${parsed.why}`);
  const devices = parsed.value;
  const texts: Record<string, string> = {};
  const folders: Record<string, readonly string[]> = {
    [BLOCK]: devices.map(({ device }) => device),
    '/run/udev/data': ['b1:1'],
  };
  for (const device of devices) {
    texts[`${BLOCK}/${device.device}/size`] = `${(device.sizeBytes ?? 0) / 512}\n`;
    texts[`${BLOCK}/${device.device}/dev`] = `${device.majorMinor}\n`;
    texts[`/run/udev/data/b${device.majorMinor}`] = `E:ID_FS_TYPE=${device.fsType ?? ''}\n`;
    const detail = detailOf(device, recording);
    if (detail !== null) addArray(device.device, detail, devices, texts, folders);
  }
  return { texts, folders, recording: { ...recording, 'blocks.txt': aliasedBlocks(recording, devices) } };
}

function detailOf({ device }: BlockDevice, recording: TextFiles): MdDetail | null {
  const text = recording[`mdadm-${device}.txt`];
  const parsed = text === undefined ? null : parseMdadmDetailExport(text);
  return parsed?.ok ? (parsed.value[0] ?? null) : null;
}

function addArray(
  device: string,
  detail: MdDetail,
  devices: readonly BlockDevice[],
  texts: Record<string, string>,
  folders: Record<string, readonly string[]>,
): void {
  const md = `${BLOCK}/${device}/md`;
  texts[`${md}/array_state`] = 'clean\n';
  texts[`${md}/metadata_version`] = `${detail.metadata}\n`;
  texts[`${md}/uuid`] = `${dashedUuid(detail.uuid)}\n`;
  texts[`${md}/resync_start`] = 'none\n';
  const slots = new Set(detail.members.flatMap(({ role }) => (typeof role === 'number' ? [role] : [])));
  const missing = detail.devices - slots.size;
  if (detail.level !== 'raid0') texts[`${md}/degraded`] = `${missing}\n`;
  folders[md] = detail.members.map(({ path, role }) => {
    const name = devices.find((known) => known.path === path)?.device ?? path.replace('/dev/', '');
    // mdadm calls a failed member a spare.
    const failed = role === 'faulty' || (role === 'spare' && missing > 0);
    texts[`${md}/dev-${name}/state`] = failed ? 'faulty\n' : 'in_sync\n';
    return `dev-${name}`;
  });
}

function aliasedBlocks(recording: TextFiles, devices: readonly BlockDevice[]): string {
  const lines = (recording['blocks.txt'] ?? '').split('\n');
  const aliases = lines.flatMap((line) => {
    const [path = '', ...rest] = line.split(' ');
    const device = devices.find((known) => known.path === path && path !== `/dev/${known.device}`);
    return device === undefined ? [] : [[`/dev/${device.device}`, ...rest].join(' ')];
  });
  return [...lines, ...aliases].join('\n');
}
