import type { MdUuid } from '../../src/core/md/md-uuid.ts';

/** The dashed form of `/sys/block/mdX/md/uuid` and of udev's ID_FS_UUID. */
export function dashedUuid(uuid: MdUuid): string {
  const digits = uuid.replaceAll(':', '');
  return [8, 12, 16, 20, 32].map((end, i, ends) => digits.slice(i === 0 ? 0 : ends[i - 1], end)).join('-');
}
