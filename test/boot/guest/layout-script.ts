// A layout as the shell functions that the scripts in in-uml/ call: make-disks, open-disks, close-disks, write-tables.
import { deviceNode, type Layout, type Mount } from './layout.ts';

const MAKERS: Readonly<Record<Mount['type'], string>> = {
  swap: 'mkswap --quiet',
  ext4: 'mkfs.ext4 -q',
  vfat: 'mkfs.vfat',
};

export function layoutScript(layout: Layout): string {
  const filesystems = layout.mounts.map((mount) => `${MAKERS[mount.type]} ${node(mount)}`);
  const mounted = [...layout.mounts].filter((mount) => mount.type !== 'swap');
  const topFirst = [...layout.layers].reverse();
  return [
    `root_argument() { ${rootArgument(layout)}; }`,
    nodeFunction(layout),
    shellFunction('make_disks', [
      ...Object.keys(layout.disks).map((disk) => partition(layout, disk)),
      'udevadm settle',
      ...layout.layers.flatMap((layer) => layer.make),
      ...filesystems,
      'udevadm trigger --settle --subsystem-match=block --action=change',
    ]),
    shellFunction(
      'open_disks',
      layout.layers.flatMap((layer) => layer.open),
    ),
    shellFunction(
      'close_disks',
      topFirst.flatMap((layer) => layer.close),
    ),
    shellFunction(
      'mount_target',
      mounted.flatMap(({ at, on }) => [`mkdir -p /target${at}`, `mount ${node({ on })} /target${at}`]),
    ),
    shellFunction(
      'unmount_target',
      [...mounted].reverse().map(({ at }) => `umount /target${at}`),
    ),
    shellFunction('write_tables', [
      ...layout.mounts.map((mount) => `echo "${fstabLine(mount)}"`),
      'exec 3>/target/etc/crypttab',
      ...layout.layers.flatMap(crypttabLine),
      'exec 3>&-',
    ]),
    shellFunction('write_mdadm_conf', [...mdadmConf(layout), ...(layout.administrator ?? [])]),
    `arrays='${layout.layers.flatMap((layer) => layer.array?.name ?? []).join(' ')}'`,
    '',
  ].join('\n');

  function node(mount: Pick<Mount, 'on'>): string {
    return deviceNode(layout, mount.on);
  }

  function fstabLine(mount: Mount): string {
    const source = mount.on.startsWith('vg') ? mapperPath(mount.on) : `UUID=$(uuid_of ${node(mount)})`;
    const options = mount.at === '/' ? 'errors=remount-ro' : mount.type === 'swap' ? 'sw' : 'defaults';
    const pass = mount.type === 'swap' ? 0 : mount.at === '/' ? 1 : 2;
    return `${source} ${mount.at} ${mount.type} ${mount.options ?? options} 0 ${pass}`;
  }
}

function rootArgument(layout: Layout): string {
  const on = layout.mounts.find((mount) => mount.at === '/')?.on ?? '';
  return on.startsWith('vg')
    ? `echo root=${mapperPath(on)}`
    : `echo root=UUID=$(uuid_of ${deviceNode(layout, on)})`;
}

function crypttabLine(layer: Layout['layers'][number]): string[] {
  const opened = layer.open.join(' ');
  const [, on, name] = /cryptsetup open --key-file - (\$\(node \S+\)) (\S+)/.exec(opened) ?? [];
  return name === undefined ? [] : [`echo "${name} UUID=$(uuid_of ${on}) none luks,discard,initramfs" >&3`];
}

function mdadmConf(layout: Layout): string[] {
  if (layout.mdadmConf === 'no-arrays') {
    const other = 'ARRAY /dev/md/elsewhere metadata=1.2 UUID=0badc0de:0badc0de:0badc0de:0badc0de';
    // Without an address mdmonitor.service fails.
    return [`printf '%s\\n' 'MAILADDR root' '${other}' >/target/etc/mdadm/mdadm.conf`];
  }
  return ['chroot /target /usr/share/mdadm/mkconf force-generate /etc/mdadm/mdadm.conf'];
}

function mapperPath(volume: string): string {
  return `/dev/mapper/${volume.replace('/', '-')}`;
}

function nodeFunction(layout: Layout): string {
  const cases = Object.entries(layout.disks).flatMap(([disk, { partitions }]) =>
    partitions.map((_, index) => {
      const name = `${disk}p${index + 1}`;
      return `${name}) echo ${deviceNode(layout, name)} ;;`;
    }),
  );
  return `node() { case $1 in ${cases.join(' ')} *) echo "/dev/$1" ;; esac; }`;
}

function partition(layout: Layout, disk: string): string {
  const device = deviceNode(layout, `${disk}p1`).replace(/\d+$/, '');
  const raid = layout.layers.length > 0;
  const lines = (layout.disks[disk]?.partitions ?? []).map((one) => {
    const { size, type } = typeof one === 'string' ? { size: one, type: raid ? 'raid' : 'linux' } : one;
    return [size === 'rest' ? '' : `size=${size}`, `type=${type}`].filter(Boolean).join(', ');
  });
  const table = ['label: gpt', ...lines].map((line) => `'${line}'`).join(' ');
  return `printf '%s\\n' ${table} | sfdisk --quiet ${device}`;
}

function shellFunction(name: string, lines: readonly string[]): string {
  return [`${name}() {`, ...lines.map((line) => `  ${line}`), '  :', '}'].join('\n');
}
