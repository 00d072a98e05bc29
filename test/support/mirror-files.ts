import { encode1 } from './encode-superblock.ts';
import { MemoryFiles } from './memory-files.ts';

const BYTES = 4 * 1024 * 1024;
const PRESENT = { sda1: 0, sdb1: 1 } as const;

/**
 * Files of a machine whose mirror md0 (root) runs on sda1; sdb1 carries its other member, and is bound where `isWhole`. Superblocks
 * can be read unless `mayRead` says no.
 */
export function mirrorFiles({ isWhole = true, mayRead = true } = {}): MemoryFiles {
  const md = '/sys/class/block/md0/md';
  const files = new MemoryFiles({
    '/proc/stat': 'btime 1700000000\n',
    '/proc/uptime': '3600.00 1.00\n',
    '/proc/self/mountinfo': '22 1 9:0 / / rw - ext4 /dev/md0 rw\n23 22 9:0 /var /mnt rw - ext4 /dev/md0 rw\n',
    '/proc/cmdline': 'quiet\n',
    '/proc/sys/kernel/hostname': 'host\n',
    '/sys/class/block/md0/dev': '9:0\n',
    [`${md}/array_state`]: 'clean\n',
    [`${md}/metadata_version`]: '1.2\n',
    [`${md}/uuid`]: '734f71cb-0c80-0a0c-0102-030405060708\n',
    [`${md}/level`]: 'raid1\n',
    [`${md}/layout`]: '0\n',
    [`${md}/raid_disks`]: '2\n',
    [`${md}/degraded`]: isWhole ? '0\n' : '1\n',
    [`${md}/sync_action`]: 'idle\n',
    [`${md}/sync_completed`]: 'none\n',
    [`${md}/sync_speed`]: 'none\n',
  });
  for (const [device, slot] of Object.entries(PRESENT)) {
    const node = `/sys/class/block/${device}`;
    files.texts.set(`${node}/dev`, `8:${slot + 1}\n`);
    files.texts.set(`${node}/size`, `${BYTES / 512}\n`);
    files.texts.set(
      `/run/udev/data/b8:${slot + 1}`,
      'E:ID_FS_TYPE=linux_raid_member\nE:ID_FS_VERSION=1.2\nE:ID_FS_UUID=734f71cb-0c80-0a0c-0102-030405060708\n',
    );
    const bytes = new Uint8Array(BYTES);
    bytes.set(
      encode1({ number: slot, deviceUuidBytes: [9, 9, 9, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, slot] }, 8),
      4096,
    );
    if (mayRead) files.bytes.set(`/dev/${device}`, bytes);
    files.texts.set(`/dev/${device}`, '');
    if (!mayRead) files.broken.set(`/dev/${device}`, { reason: 'denied', detail: 'EACCES' });
    if (slot === 1 && !isWhole) continue;
    files.texts.set(`${node}/holders/md0`, '');
    files.texts.set(`${md}/dev-${device}/state`, 'in_sync\n');
    files.texts.set(`${md}/dev-${device}/slot`, `${slot}\n`);
  }
  return files;
}
