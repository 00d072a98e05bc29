import { type BlkidRecord, parseBlkidExport } from '../../core/parse/blkid-export.ts';
import { DMSETUP_INFO, type DmNode, parseDmsetupInfo } from '../../core/parse/dmsetup-info.ts';
import { type BlockDevice, LSBLK, parseLsblkJson } from '../../core/parse/lsblk-json.ts';
import { PVS, parsePvs } from '../../core/parse/lvm-pvs.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import type { DeviceFacts } from '../../core/topology/build-block-graph.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { whyItFailed } from '../why-it-failed.ts';
import { PATIENT } from './patience.ts';

const WIDTH = 32;
/** What lsblk, dmsetup and sysfs say of the machine's block devices: one call each. */
export async function readDeviceFacts(
  machine: FactSources,
  warnings: string[],
): Promise<Result<DeviceFacts>> {
  const lsblk = await machine.runner.run(LSBLK, PATIENT);
  if (lsblk.status !== 0) return failure('lsblk', whyItFailed(lsblk));
  const devices = parseLsblkJson(lsblk.stdout);
  if (!devices.ok) return devices;
  const [dmNodes, slaves, btrfsDevices] = await Promise.all([
    readDmNodes(machine, devices.value, warnings),
    readSlaves(machine, devices.value.filter(standsOnOthers)),
    readBtrfsDevices(machine),
  ]);
  return ok({ devices: devices.value, dmNodes, slaves, btrfsDevices, physicalVolumes: [] });
}

const isDm = ({ device }: BlockDevice): boolean => /^dm-\d+$/.test(device);

const standsOnOthers = (device: BlockDevice): boolean =>
  !isDm(device) && device.type !== 'part' && (device.parent !== null || device.device.startsWith('md'));

async function readDmNodes(
  machine: FactSources,
  devices: readonly BlockDevice[],
  warnings: string[],
): Promise<readonly DmNode[]> {
  const dmDevices = devices.filter(isDm);
  if (dmDevices.length === 0) return [];
  const info = await machine.runner.run(DMSETUP_INFO, PATIENT);
  const parsed = info.status === 0 ? parseDmsetupInfo(info.stdout) : failure('dmsetup', whyItFailed(info));
  if (parsed.ok) return parsed.value;
  warnings.push(`${parsed.at}: ${parsed.why}; sysfs is asked instead`);
  return mapInBatches(dmDevices, WIDTH, ({ device }) => readDmNodeOfSysfs(machine, device));
}

async function readDmNodeOfSysfs({ files, paths }: FactSources, device: string): Promise<DmNode> {
  const folder = `${paths.sys}/class/block/${device}`;
  const [name, uuid, standsOn] = await Promise.all([
    files.readText(`${folder}/dm/name`),
    files.readText(`${folder}/dm/uuid`),
    files.list(`${folder}/slaves`),
  ]);
  return { device, name: name?.trim() ?? device, uuid: uuid?.trim() ?? '', standsOn };
}

async function readSlaves(
  { files, paths }: FactSources,
  devices: readonly BlockDevice[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lists = await mapInBatches(devices, WIDTH, async ({ device }) => {
    const names = await files.list(`${paths.sys}/class/block/${device.replaceAll('/', '!')}/slaves`);
    return [device, names] as const;
  });
  return new Map(lists);
}

async function readBtrfsDevices({
  files,
  paths,
}: FactSources): Promise<ReadonlyMap<string, readonly string[]>> {
  const folder = `${paths.sys}/fs/btrfs`;
  const uuids = (await files.list(folder)).filter((name) => /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(name));
  const lists = await mapInBatches(
    uuids,
    WIDTH,
    async (uuid) => [uuid, await files.list(`${folder}/${uuid}/devices`)] as const,
  );
  return new Map(lists);
}

/** Fills in what blkid knows and lsblk did not, as where udev has no database. */
export async function askBlkid(
  machine: FactSources,
  facts: DeviceFacts,
  warnings: string[],
): Promise<DeviceFacts> {
  const blkid = await machine.runner.run(['blkid', '-o', 'export'], PATIENT);
  // 2: nothing found
  if (blkid.status !== 0 && blkid.status !== 2) warnings.push(`blkid: ${whyItFailed(blkid)}`);
  const { files, paths } = machine;
  const byName = new Map<string, BlkidRecord>();
  await mapInBatches(parseBlkidExport(blkid.stdout), WIDTH, async (record) => {
    const number = await files.deviceNumber(`${paths.dev}${record.path.slice('/dev'.length)}`);
    byName.set(number ?? record.path, record);
  });
  const devices = facts.devices.map((device) => {
    const names = [device.majorMinor ?? '', device.path, `/dev/${device.device.replaceAll('!', '/')}`];
    const record = names.map((name) => byName.get(name)).find((known) => known !== undefined);
    if (record === undefined) return device;
    return {
      ...device,
      fsType: device.fsType ?? record.fsType,
      label: device.label ?? record.label,
      uuid: device.uuid ?? record.uuid,
      partLabel: device.partLabel ?? record.partLabel,
      partUuid: device.partUuid ?? record.partUuid,
    };
  });
  return { ...facts, devices };
}

/**
 * Adds which physical volumes make a volume group; asked only where a boot mount stands on LVM. What pvs could not tell is a
 * warning here, and a fault where a needed group is not told of whole.
 */
export async function askLvm(
  machine: FactSources,
  facts: DeviceFacts,
  warnings: string[],
): Promise<DeviceFacts> {
  const pvs = await machine.runner.run(PVS, PATIENT);
  if (pvs.status !== 0) warnings.push(`pvs: ${whyItFailed(pvs)}`);
  const parsed = pvs.stdout === '' && pvs.status !== 0 ? ok([]) : parsePvs(pvs.stdout);
  if (!parsed.ok) warnings.push(`${parsed.at}: ${parsed.why}`);
  return { ...facts, physicalVolumes: parsed.ok ? parsed.value : [] };
}
