// The words a layout is written in. A layer knows how it is made, opened again and closed, as shell lines that run
// under user-mode Linux; a layout is a list of layers, bottom first.
export interface Layer {
  readonly make: readonly string[];
  readonly open: readonly string[];
  readonly close: readonly string[];
  /** Kernel names of arrays of this layer, with the devices they stand on. */
  readonly array?: { readonly name: string; readonly members: readonly string[] };
}

export interface Mount {
  readonly at: string;
  /** `md0`, `vg0/root` or a partition such as `disk1p1`. */
  readonly on: string;
  readonly type: 'ext4' | 'swap' | 'vfat';
  /** How fstab and root= name it, as Debian's installer and grub-mkconfig do: LVM by path, all else by UUID. */
  readonly options?: string;
}

/** Its size (`rest` takes what is left), or that and its type as sfdisk(8) calls it; without one it is for members of arrays. */
export type Partition = string | { readonly size: string; readonly type: string };

export interface Layout {
  readonly name: string;
  readonly title: string;
  readonly disks: Readonly<
    Record<string, { readonly size: string; readonly partitions: readonly Partition[] }>
  >;
  readonly layers: readonly Layer[];
  readonly mounts: readonly Mount[];
  /** What the file mdadm.conf of the guest holds: written by mkconf, or nothing about any array of the machine. */
  readonly mdadmConf?: 'mkconf' | 'no-arrays';
  /** Debian packages that other guests do not have. */
  readonly packages?: readonly string[];
  /** What its administrator has done in /target before the image is built, as shell lines. */
  readonly administrator?: readonly string[];
}

export const passphrase = 'correct horse';

/** The device node, under user-mode Linux, of `disk1p2`, `md0` or `vg0/root`. */
export function deviceNode(layout: Pick<Layout, 'disks'>, name: string): string {
  const [, disk, partition] = /^(disk\d+)p(\d+)$/.exec(name) ?? [];
  if (disk === undefined) return `/dev/${name}`;
  const index = Object.keys(layout.disks).indexOf(disk);
  return `/dev/ubd${String.fromCharCode('b'.charCodeAt(0) + index)}${partition}`;
}

export function array(
  name: string,
  level: 1 | 5 | 6 | 10,
  members: readonly string[],
  metadata = '1.2',
): Layer {
  const nodes = members.map((member) => `$(node ${member})`).join(' ');
  const number = name.replace('md', '');
  const identity = `--homehost=guest --name=${number} --metadata=${metadata}`;
  return {
    make: [
      `mdadm --create /dev/${name} --quiet --run --level=${level} ${identity} --bitmap=internal --assume-clean ` +
        `--raid-devices=${members.length} ${nodes}`,
      settle,
    ],
    open: [`mdadm --assemble /dev/${name} --quiet --run ${nodes}`, settle],
    close: [`mdadm --stop --quiet /dev/${name}`, `mend_superblocks ${nodes}`],
    array: { name, members },
  };
}

export function luks(name: string, on: string): Layer {
  // a cheap key derivation: an emulated processor would take minutes for the default one
  const cheap = '--type luks2 --pbkdf pbkdf2 --pbkdf-force-iterations 1000';
  const key = `printf %s '${passphrase}'`;
  return {
    make: [`${key} | cryptsetup luksFormat ${cheap} --batch-mode $(node ${on}) -`, ...open()],
    open: open(),
    close: [`cryptsetup close ${name}`],
  };
  function open(): string[] {
    return [`${key} | cryptsetup open --key-file - $(node ${on}) ${name}`, settle];
  }
}

/** A network block device: a server on the machine itself exports a file of that size, on a file system of its own. */
export function networkDevice(name: string, on: string, size: string): Layer {
  const attach = [
    ...networkServer(`mount $(node ${on}) /run/exported`),
    `nbd-client -N member 127.0.0.1 /dev/${name}`,
    settle,
  ];
  return {
    make: [
      `mkfs.ext4 -q $(node ${on})`,
      'mkdir -p /run/exported',
      `mount $(node ${on}) /run/exported`,
      `truncate -s ${size} /run/exported/member`,
      'umount /run/exported',
      ...attach,
    ],
    open: attach,
    close: [
      `nbd-client -d /dev/${name}`,
      'kill "$(cat /run/nbd-server.pid)"',
      'sleep 1',
      'umount /run/exported',
    ],
  };
}

/** Shell lines, for the boot image as well. */
export function networkServer(mountExported: string): string[] {
  return [
    'modprobe nbd',
    'ip link set lo up',
    'mkdir -p /run/exported',
    mountExported,
    'printf "%s\\n" "[generic]" "[member]" "exportname = /run/exported/member" >/run/nbd-server.conf',
    'nbd-server -C /run/nbd-server.conf -p /run/nbd-server.pid',
    'sleep 1',
  ];
}

/** The shell line that writes a file with these lines. */
export function writeFile(path: string, mode: string, lines: readonly string[]): string {
  const quoted = lines.map((line) => `'${line.replaceAll("'", "'\\''")}'`).join(' ');
  return `printf '%s\\n' ${quoted} >${path}; chmod ${mode} ${path}`;
}

/** `on`: one device, or several with a blank between them. */
export function volumeGroup(name: string, on: string, volumes: Readonly<Record<string, string>>): Layer {
  const nodes = on
    .split(' ')
    .map((device) => `$(node ${device})`)
    .join(' ');
  return {
    make: [
      `pvcreate --quiet ${nodes}`,
      `vgcreate --quiet ${name} ${nodes}`,
      ...Object.entries(volumes).map(
        ([volume, size]) => `lvcreate --yes --quiet --name ${volume} ${size} ${name}`,
      ),
      settle,
    ],
    open: [`vgchange --quiet --activate y ${name}`, settle],
    close: [`vgchange --quiet --activate n ${name}`],
  };
}

const settle = 'udevadm settle';
