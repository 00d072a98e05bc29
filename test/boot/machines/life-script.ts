// What is done to a machine in a rescue system, as shell over the functions of in-uml/life: how it is made, and each event of its history.
import { type Copies, companyOf, type Opened, opened, written } from './copies.ts';
import {
  arraysOf,
  type Device,
  deviceOf,
  diskOf,
  type Layer,
  type LifeEvent,
  type Luks,
  type MachinePlan,
  type MdArray,
} from './machine-plan.ts';

/** The last place of a disk under user-mode Linux: the machine's /usr is there in a rescue system. */
export const USR_PLACE = 15;

const letter = (index: number): string => String.fromCharCode('b'.charCodeAt(0) + index);

/** The node of a device under user-mode Linux, where the first disk of the machine is ubdb. */
export function nodeOf(plan: Pick<MachinePlan, 'disks'>, device: Device): string {
  const disk = diskOf(device);
  if (disk === null) return `/dev/${device}`;
  const index = plan.disks.findIndex(({ name }) => name === disk);
  return `/dev/ubd${letter(index)}${device.slice(disk.length).replace('p', '')}`;
}

/** The device of a kernel name of a disk or partition; null where it is none of the machine's. */
export function deviceOfNode(plan: Pick<MachinePlan, 'disks'>, kernelName: string): Device | null {
  const [, place = '', partition] = /^ubd([b-o])(\d+)?$/.exec(kernelName) ?? [];
  const disk = plan.disks[place.charCodeAt(0) - 'b'.charCodeAt(0)];
  if (place === '' || disk === undefined) return null;
  // a kernel with all kinds of partition tables may see one in the superblock of a whole disk (POWERTEC, of 1.1)
  if (partition === undefined || disk.partitions.length === 0) return disk.name;
  return `${disk.name}p${partition}`;
}

/** Links that are shorter than the kernel's names: mdadm prints these. By kernel name. */
const shortLinks = (plan: MachinePlan): readonly (readonly [string, string])[] =>
  plan.names?.shortLinks === true
    ? [...arraysOf(plan), ...plan.others]
        .flatMap(({ members }) => members.filter((device) => diskOf(device) !== null))
        .map((device, index) => [nodeOf(plan, device).slice('/dev/'.length), `m${index}`] as const)
    : [];

/** Variables that every script needs. */
const head = (plan: MachinePlan): readonly string[] => [
  `usr_node=/dev/ubd${letter(USR_PLACE - 1)}`,
  `root_node=${nodeOf(plan, plan.root)}`,
  'mkdir -p out',
  '. /run/job/life',
  ...shortLinks(plan).map(([kernelName, link]) => `ln -s ${kernelName} /dev/${link}`),
];

/** `whole`: the image is made by its builder; `parts`: only what is of this machine in it. With dracut, crypttab is in systemd's words. */
export function buildScript(
  plan: MachinePlan,
  usrUuid: string,
  image: 'whole' | 'parts',
  isOfDracut: boolean,
): string {
  const node = (device: Device) => nodeOf(plan, device);
  const partitions = plan.disks
    .filter((disk) => disk.partitions.length > 0)
    .map(({ name, partitions: sizes }) => {
      const lines = ['label: gpt', ...sizes.map((size) => `size=${size}M, type=raid`)];
      return `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} | sfdisk --quiet ${node(name)}`;
    });
  const rootSource = plan.root.startsWith('mapper/vg')
    ? `/dev/${plan.root}`
    : `UUID=$(uuid_of ${node(plan.root)})`;
  const keyOf = ({ key }: Luks): string => {
    if (key === undefined)
      return `/etc/keys/machine.key ${isOfDracut ? 'luks,x-initrd.attach' : 'luks,initramfs'}`;
    const uuid = `$(uuid_of ${node(key)})`;
    return isOfDracut
      ? `/machine.key:UUID=${uuid} luks,x-initrd.attach`
      : `/dev/disk/by-uuid/${uuid}:/machine.key luks,initramfs,keyscript=passdev`;
  };
  const crypttab = plan.layers.flatMap((layer) =>
    layer.kind === 'luks' ? [`echo "${layer.name} UUID=$(uuid_of ${node(layer.on)}) ${keyOf(layer)}"`] : [],
  );
  const rootArguments = [
    `root=${rootSource}`,
    ...(isOfDracut
      ? plan.layers.flatMap((layer) =>
          layer.kind === 'luks' ? [`rd.luks.uuid=$(uuid_of ${node(layer.on)})`] : [],
        )
      : []),
  ];
  const all = [...arraysOf(plan), ...plan.others, ...(plan.foreign === null ? [] : [plan.foreign])];
  return [
    ...head(plan),
    'write_tables() {',
    `  echo "${rootArguments.join(' ')}" >out/root-argument`,
    `  { echo "${rootSource} / ext4 errors=remount-ro 0 1"; echo 'UUID=${usrUuid} /usr ext4 ro 0 0'; } >/target/etc/fstab`,
    `  { :; ${crypttab.join('; ')}${crypttab.length > 0 ? ';' : ''} } >/target/etc/crypttab`,
    ...(plan.names?.shortLinks === true
      ? [
          `  printf '%s\\n' ${shortLinks(plan)
            .map(([kernelName, link]) => `'KERNEL=="${kernelName}", SYMLINK+="${link}"'`)
            .join(' ')} >/target/etc/udev/rules.d/70-short.rules`,
        ]
      : []),
    '}',
    ...partitions,
    'settle',
    ...plan.others.map((array) => createArray(plan, array, 'guest', 8)),
    ...plan.layers.map((layer) => makeLayer(plan, layer)),
    `install_root ${image}`,
    ...plan.layers.flatMap((layer) =>
      layer.kind === 'lvm' && layer.later !== undefined
        ? [`extend_group ${layer.name} ${layer.later.map(node).join(' ')}`]
        : [],
    ),
    ...(plan.foreign === null
      ? []
      : ['other_half', createArray(plan, plan.foreign, 'elsewhere', 0, ' $other_half')]),
    `for name in ${all.map(({ name }) => name).join(' ')}; do`,
    '  echo "$name $(mdadm --detail --export "/dev/$name" | sed -n s/^MD_UUID=//p)"',
    'done >out/uuids',
    'close_all',
    '',
  ].join('\n');
}

function makeLayer(plan: MachinePlan, layer: Layer): string {
  const node = (device: Device) => nodeOf(plan, device);
  if (layer.kind === 'md') {
    const made = createArray(plan, layer, 'guest', Number(layer.name.slice(2)));
    const isKey = plan.layers.some((other) => other.kind === 'luks' && other.key === layer.name);
    return isKey ? `${made}; make_key ${node(layer.name)}` : made;
  }
  if (layer.kind === 'luks') return `make_luks ${node(layer.on)} ${layer.name}`;
  const first = layer.on.filter((device) => layer.later?.includes(device) !== true);
  return `make_group ${layer.name} ${layer.thin ? 'thin' : 'linear'} ${first.map(node).join(' ')}`;
}

function createArray(plan: MachinePlan, array: MdArray, host: string, called: number, more = ''): string {
  const members = array.members.map((device) => nodeOf(plan, device)).join(' ');
  const count = array.members.length + (more === '' ? 0 : 1);
  const bitmap =
    array.level === 'raid0' ? '' : array.bitmap ? ' --bitmap=internal --bitmap-chunk=64K' : ' --bitmap=none';
  const chunk = array.level === 'raid1' ? '' : ' --chunk=64';
  const options = `--raid-devices=${count}${bitmap}${chunk}`;
  const level = array.level.replace('raid', '');
  const name = plan.names?.words === true ? `${'abcdefghijklmnop'[called]}data` : called;
  return `create_md /dev/${array.name} ${level} ${array.metadata} ${host} ${name} '${options}' ${members}${more}`;
}

/** What one event does; the run that writes has the number that the copies say is next. */
export function eventScript(plan: MachinePlan, copies: Copies, event: LifeEvent): string {
  const company = companyOf(plan, copies, event) ?? [];
  const open = opened(plan, copies, company);
  const reached = [...written(plan, open.arrays).keys()].map((name) => `/dev/${name}`);
  const run = [copies.next, ...reached].join(' ');
  return [
    ...[...head(plan), ...openScript(plan, open)],
    ...[...actScript(plan, copies, event, run), 'close_all', ''],
  ].join('\n');
}

function openScript(plan: MachinePlan, open: Opened): readonly string[] {
  const node = (device: Device) => nodeOf(plan, device);
  return plan.layers.flatMap((layer) => {
    if (!open.devices.has(deviceOf(layer))) return [];
    if (layer.kind === 'md')
      return [`open_md /dev/${layer.name} ${(open.arrays.get(layer.name) ?? []).map(node).join(' ')}`];
    return [layer.kind === 'luks' ? `open_luks ${node(layer.on)} ${layer.name}` : `open_group ${layer.name}`];
  });
}

/** `run`: its number, and the arrays that it writes to. */
function actScript(plan: MachinePlan, copies: Copies, event: LifeEvent, run: string): readonly string[] {
  const node = (device: Device) => nodeOf(plan, device);
  switch (event.kind) {
    case 'boot':
      return [];
    case 'ran':
      return [
        event.cut ? `live_and_be_cut : ${run}` : `live ${run}`,
        ...(event.image === true ? ['image_again'] : []),
      ];
    case 'failed':
      return [
        `mdadm /dev/${event.array} --quiet --fail ${node(event.member)}`,
        ...(event.removed
          ? [`sleep 0.3; mdadm /dev/${event.array} --quiet --remove ${node(event.member)}`]
          : []),
        `live ${run}`,
      ];
    case 'replaced': {
      const add = `mdadm /dev/${event.array} --quiet --add ${node(event.by)}`;
      const away = `mdadm /dev/${event.array} --quiet --fail ${node(event.member)}; sleep 0.3; mdadm /dev/${event.array} --quiet --remove ${node(event.member)}`;
      return event.cut
        ? [away, 'slow_rebuild', `live_and_be_cut '${add}' ${run}`]
        : [away, add, 'wait_recovery', `live ${run}`];
    }
    case 'grown': {
      const grow = `grow_md /dev/${event.array} ${(copies.width[event.array] ?? 0) + 1} ${node(event.by)}`;
      return event.cut
        ? ['slow_rebuild', `live_and_be_cut '${grow}' ${run}`]
        : [grow, 'sleep 0.3; wait_recovery', `live ${run}`];
    }
    case 'returned':
      return [
        // as an administrator does: given back, or, where md refuses, added as a new one
        `mdadm /dev/${event.array} --quiet --re-add ${node(event.member)} || { mdadm --zero-superblock ${node(event.member)}; mdadm /dev/${event.array} --quiet --add ${node(event.member)}; }`,
        'sleep 0.3; wait_recovery',
        `live ${run}`,
      ];
  }
}
