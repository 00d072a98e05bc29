import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

export interface SimulatedDevice {
  readonly name: string;
  /** Content of /dev/NAME: superblocks at their offsets; its size is `bytes`. */
  readonly bytes?: number;
  readonly superblocks?: readonly (readonly [offset: number, bytes: Uint8Array])[];
  /** Lines of its record in udev's database, without `E:`; none: udev has not seen it. */
  readonly udev?: Readonly<Record<string, string>>;
  readonly holders?: readonly string[];
  /** Further files below /sys/class/block/NAME. */
  readonly files?: Readonly<Record<string, string>>;
}

export interface SimulatedArray {
  readonly name: string;
  readonly state: string;
  readonly metadata?: string;
  readonly uuid?: string;
  readonly degraded?: number;
  /** Bound devices and the words of dev-X/state; those that exist get the link back. */
  readonly bound?: Readonly<Record<string, string>>;
}

/** Its last 64 KiB are where a 0.90 superblock lies. */
export const MEMBER_BYTES = 4 * 1024 * 1024;

/** Folders that look like /sys, /dev and /run of a machine, as far as an observer of md looks. */
export class SimulatedSysfs {
  readonly paths: { readonly sys: string; readonly dev: string; readonly run: string };
  private minor = 0;
  /** Devices with a link back, by the array that it leads to. */
  private readonly held = new Map<string, Set<string>>();

  constructor(folder: string) {
    this.paths = { sys: join(folder, 'sys'), dev: join(folder, 'dev'), run: join(folder, 'run') };
    mkdirSync(join(this.paths.sys, 'class/block'), { recursive: true });
    mkdirSync(this.paths.dev, { recursive: true });
  }

  device(device: SimulatedDevice): void {
    const { name, bytes = MEMBER_BYTES, superblocks = [], udev, holders = [], files = {} } = device;
    const number = `8:${this.minor++}`;
    this.write(`${this.block(name)}/dev`, `${number}\n`);
    this.write(`${this.block(name)}/size`, `${bytes / 512}\n`);
    for (const holder of holders) this.hold(name, holder);
    for (const [path, text] of Object.entries(files)) this.write(`${this.block(name)}/${path}`, text);
    const node = join(this.paths.dev, name.replaceAll('!', '/'));
    this.write(node, '');
    const fd = openSync(node, 'r+');
    ftruncateSync(fd, bytes);
    for (const [offset, superblock] of superblocks) writeSync(fd, superblock, 0, superblock.length, offset);
    closeSync(fd);
    if (udev === undefined) return;
    const lines = Object.entries(udev).map(([key, value]) => `E:${key}=${value}`);
    this.write(`${this.paths.run}/udev/data/b${number}`, ['I:123', ...lines, 'G:systemd', ''].join('\n'));
  }

  /** A member as udev sees one. */
  member(name: string, superblock: Uint8Array, version = '1.2', more: Partial<SimulatedDevice> = {}): void {
    const offset = version === '1.2' ? 4096 : MEMBER_BYTES - 64 * 1024;
    const udev = { ID_FS_TYPE: 'linux_raid_member', ID_FS_VERSION: version };
    this.device({ name, superblocks: [[offset, superblock]], udev, ...more });
  }

  array({ name, state, metadata = '1.2', uuid, degraded, bound = {} }: SimulatedArray): void {
    const md = `${this.block(name)}/md`;
    rmSync(md, { recursive: true, force: true });
    this.write(`${this.block(name)}/dev`, `9:${this.minor++}\n`);
    this.write(`${md}/array_state`, `${state}\n`);
    this.write(`${md}/metadata_version`, `${metadata}\n`);
    if (uuid !== undefined) this.write(`${md}/uuid`, `${uuid}\n`);
    if (degraded !== undefined) this.write(`${md}/degraded`, `${degraded}\n`);
    for (const device of this.held.get(name) ?? [])
      rmSync(`${this.block(device)}/holders/${name}`, { recursive: true, force: true });
    this.held.delete(name);
    for (const [device, words] of Object.entries(bound)) {
      this.write(`${md}/dev-${device}/state`, `${words}\n`);
      if (existsSync(this.block(device))) this.hold(device, name);
    }
  }

  /** A file below the machine's root, such as `run/mdadm/map`. */
  file(path: string, content: string): void {
    this.write(join(dirname(this.paths.run), path), content);
  }

  unplug(name: string): void {
    rmSync(this.block(name), { recursive: true });
    rmSync(join(this.paths.dev, name));
  }

  private hold(device: string, array: string): void {
    mkdirSync(`${this.block(device)}/holders/${array}`, { recursive: true });
    this.held.set(array, (this.held.get(array) ?? new Set()).add(device));
  }

  private block(name: string): string {
    return `${this.paths.sys}/class/block/${name}`;
  }

  private write(path: string, content: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
