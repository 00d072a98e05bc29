import { failure, ok, type Result } from '../result/result.ts';

/** A device-mapper node, as `dmsetup info -c` reports it. */
export interface DmNode {
  /** Kernel name, such as `dm-3`. */
  readonly device: string;
  /** Name under /dev/mapper. */
  readonly name: string;
  /** Empty when its maker gave none. */
  readonly uuid: string;
  /** Kernel names of the devices its table uses: as `dmsetup deps -o blkdevname` prints them. */
  readonly standsOn: readonly string[];
}

/** One call lists kinds and dependencies of every node. `/` is the one character no dm name or UUID can have. */
export const DMSETUP_INFO: readonly [string, ...string[]] = [
  'dmsetup',
  'info',
  '-c',
  '--noheadings',
  '--separator',
  '/',
  '-o',
  'blkdevname,blkdevs_used,uuid,name',
];

const KERNEL_NAME = /^[A-Za-z0-9!._-]+$/;

/** Reads the output of DMSETUP_INFO. */
export function parseDmsetupInfo(text: string, at = 'dmsetup info'): Result<readonly DmNode[]> {
  const nodes: DmNode[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line === 'No devices found') continue;
    // From behind: the kernel's own names may have one (`cciss/c0d0`).
    const [, device = '', used = '', uuid, name] = /^([^/]*)\/(.*)\/([^/]*)\/([^/]*)$/.exec(line) ?? [];
    const standsOn = used
      .replaceAll('/', '!')
      .split(',')
      .filter((word) => word !== '');
    if (
      name === undefined ||
      uuid === undefined ||
      ![device, ...standsOn].every((word) => KERNEL_NAME.test(word))
    )
      return failure(`${at}, line ${index + 1}`, 'is not "device/devices used/UUID/name"');
    nodes.push({ device, name, uuid, standsOn });
  }
  return ok(nodes);
}
