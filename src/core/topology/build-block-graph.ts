import type { DmNode } from '../parse/dmsetup-info.ts';
import type { BlockDevice } from '../parse/lsblk-json.ts';
import type { PhysicalVolume } from '../parse/lvm-pvs.ts';
import type { BlockGraph, BlockNode } from './block-graph.ts';
import { dmKind, volumeGroupId } from './dm-kind.ts';
import { reachFrom } from './reach.ts';

/** What the machine says of its block devices, read once. */
export interface DeviceFacts {
  readonly devices: readonly BlockDevice[];
  readonly dmNodes: readonly DmNode[];
  /** /sys/class/block/X/slaves of the devices that stand on others and are no dm nodes. */
  readonly slaves: ReadonlyMap<string, readonly string[]>;
  /** Kernel names of the devices of each mounted btrfs, by its UUID. */
  readonly btrfsDevices: ReadonlyMap<string, readonly string[]>;
  readonly physicalVolumes: readonly PhysicalVolume[];
}

/** Joins what lsblk, dmsetup, sysfs and LVM said to one graph; edges lead from a device to what it stands on. */
export function buildBlockGraph(facts: DeviceFacts): BlockGraph {
  const dmByDevice = new Map(facts.dmNodes.map((node) => [node.device, node]));
  const graph = new Map<string, BlockNode>();
  for (const device of facts.devices) {
    const dm = dmByDevice.get(device.device);
    const node = dm ? dmBlockNode(device.device, device, dm) : plainBlockNode(device, facts.slaves);
    graph.set(node.id, node);
  }
  // lsblk leaves out devices without a size, such as a mapping whose table is not loaded.
  for (const dm of facts.dmNodes)
    if (!graph.has(dm.device)) graph.set(dm.device, dmBlockNode(dm.device, null, dm));
  addBtrfs(graph, facts);
  addVolumeGroups(graph, facts);
  return graph;
}

const dmBlockNode = (id: string, device: BlockDevice | null, dm: DmNode): BlockNode => ({
  id,
  kind: dmKind(dm.uuid),
  name: dm.name,
  device,
  dmUuid: dm.uuid,
  standsOn: dm.standsOn,
});

function plainBlockNode(device: BlockDevice, slaves: DeviceFacts['slaves']): BlockNode {
  const kind = plainKind(device);
  const below = kind === 'partition' && device.parent !== null ? [device.parent] : slaves.get(device.device);
  const name = device.device.replaceAll('!', '/');
  return { id: device.device, kind, name, device, dmUuid: null, standsOn: below ?? [] };
}

function plainKind({ device, type }: BlockDevice): string {
  if (/^dm-\d+$/.test(device)) return 'unknown';
  if (type === 'part') return 'partition';
  if (/^md(\d|_)/.test(device)) return 'md';
  const family = /^(bcache|drbd|rbd|nbd|zram|loop|zd)\d/.exec(device)?.[1];
  if (family !== undefined) return family;
  return type === 'disk' ? 'disk' : 'unknown';
}

/** A btrfs of several devices needs them all; each of them is as good a source as any other. */
function addBtrfs(graph: Map<string, BlockNode>, facts: DeviceFacts): void {
  const members = new Map<string, Set<string>>();
  for (const { device, fsType, uuid } of facts.devices) {
    if (fsType !== 'btrfs' || uuid === null) continue;
    members.set(uuid, new Set([...(members.get(uuid) ?? facts.btrfsDevices.get(uuid) ?? []), device]));
  }
  for (const [uuid, standsOn] of members) {
    if (standsOn.size < 2) continue;
    const id = `btrfs:${uuid}`;
    graph.set(id, { id, kind: 'btrfs', name: uuid, device: null, dmUuid: null, standsOn: [...standsOn] });
  }
}

/**
 * A logical volume is activated only when its whole volume group is present (69-dm-lvm.rules: LVM_VG_NAME_COMPLETE), so it
 * also stands on the physical volumes that hold nothing of it.
 */
function addVolumeGroups(graph: Map<string, BlockNode>, facts: DeviceFacts): void {
  const byNumber = new Map(facts.devices.map(({ majorMinor, device }) => [majorMinor, device]));
  const groups = new Map<string, { name: string; devices: string[] }>();
  for (const { majorMinor, groupId, groupName } of facts.physicalVolumes) {
    const device = majorMinor === null ? undefined : byNumber.get(majorMinor);
    if (device === undefined || groupId === '') continue;
    const group = groups.get(groupId) ?? { name: groupName, devices: [] };
    group.devices.push(device);
    groups.set(groupId, group);
  }
  for (const [groupId, { name, devices }] of groups) {
    if (devices.length < 2) continue;
    const id = `vg:${groupId}`;
    graph.set(id, { id, kind: 'volume-group', name, device: null, dmUuid: null, standsOn: devices });
  }
  for (const node of topVolumes(graph)) {
    const group = graph.get(`vg:${volumeGroupId(node.dmUuid ?? '') ?? ''}`);
    if (group === undefined) continue;
    const { ids } = reachFrom([node.id], graph);
    if (group.standsOn.some((id) => !ids.has(id)))
      graph.set(node.id, { ...node, standsOn: [...node.standsOn, group.id] });
  }
}

/** Logical volumes that are no hidden part of another one of their group: what is hidden is reached from above. */
function topVolumes(graph: BlockGraph): BlockNode[] {
  const volumes = [...graph.values()].filter(
    ({ dmUuid }) => dmUuid !== null && volumeGroupId(dmUuid) !== null,
  );
  const hidden = new Set(volumes.flatMap(({ standsOn }) => standsOn));
  return volumes.filter(({ id }) => !hidden.has(id));
}
