import type { BlockDevice } from '../../src/core/parse/lsblk-json.ts';
import type { DeviceFacts } from '../../src/core/topology/build-block-graph.ts';

// Block devices as lsblk knows them, for graphs of a few.

export const device = (name: string, fields: Partial<BlockDevice> = {}): BlockDevice => ({
  device: name,
  parent: null,
  path: `/dev/${name}`,
  type: 'disk',
  sizeBytes: 1,
  fsType: null,
  label: null,
  uuid: null,
  partLabel: null,
  partUuid: null,
  model: null,
  serial: null,
  majorMinor: null,
  ...fields,
});

export const NO_FACTS: DeviceFacts = {
  devices: [],
  dmNodes: [],
  slaves: new Map(),
  btrfsDevices: new Map(),
  physicalVolumes: [],
};
