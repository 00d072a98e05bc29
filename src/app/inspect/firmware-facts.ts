import type { BiosDisk, Esp, FirmwareFacts, Program } from '../../core/inspect/firmware.ts';
import { type BootEntry, parseBootEntry, parseBootOrder } from '../../core/parse/efi-boot.ts';
import {
  bootCodeOf,
  filesOfEntry,
  isGrubCore,
  isSameCore,
  loaderOfFile,
  searchedUuid,
} from '../../core/parse/loader-code.ts';
import { type Mount, parseMountinfo } from '../../core/parse/mountinfo.ts';
import type { BlockGraph, BlockNode } from '../../core/topology/block-graph.ts';
import { needOf } from '../../core/topology/need.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import type { EspFiles } from '../read/esp-files.ts';
import { FatFiles } from '../read/fat-files.ts';
import { MountedFat } from '../read/mounted-fat.ts';

/** EFI system partition: in a GPT, and in an MBR. */
const ESP_TYPES = new Set(['c12a7328-f81f-11d2-ba4b-00a0c93ec93b', '0xef']);

/** EFI_GLOBAL_VARIABLE. */
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';

/** The removable-media path by what the kernel runs on (UEFI specification, 3.5.1.1); 32-bit firmware starts a 64-bit PC by its own. */
const REMOVABLE = [
  [/^aarch64/, '/efi/boot/bootaa64.efi'],
  [/^arm/, '/efi/boot/bootarm.efi'],
  [/^riscv64/, '/efi/boot/bootriscv64.efi'],
  [/^loongarch64/, '/efi/boot/bootloongarch64.efi'],
] as const;
const REMOVABLE_PC = '/efi/boot/bootx64.efi';
const REMOVABLE_PC_32 = '/efi/boot/bootia32.efi';

const MAX_MOUNTINFO_BYTES = 64 * 1024 * 1024;
const MAX_TEXT_BYTES = 64 * 1024;
const MAX_LOADER_BYTES = 8 * 1024 * 1024;
const WIDTH = 16;

/**
 * Reads how firmware finds a boot loader: its variables and every ESP, or the first sectors of every disk. `core`: the core image that each disk
 * with GRUB for BIOS should have; null where they may differ.
 */
export async function readFirmware(
  machine: FactSources,
  graph: BlockGraph,
  core: Uint8Array | null = null,
): Promise<FirmwareFacts> {
  const { files, paths } = machine;
  const efi = `${paths.sys}/firmware/efi`;
  if (!(await files.exists(efi))) return { kind: 'bios', disks: await readBiosDisks(machine, graph, core) };
  const removablePath = await removablePathOf(machine, efi);
  const entries = await readEntries(machine, `${efi}/efivars`);
  const named = new Map<string, string[]>();
  for (const { target } of entries ?? []) {
    if (target.kind !== 'partition') continue;
    const uuid = target.partUuid.toLowerCase();
    named.set(uuid, [...(named.get(uuid) ?? []), (target.path ?? removablePath).toLowerCase()]);
  }
  const partitions = [...graph.values()].filter(
    ({ kind, device }) =>
      kind === 'partition' &&
      (ESP_TYPES.has(device?.partType ?? '') ||
        device?.fsType === 'vfat' ||
        named.has(device?.partUuid?.toLowerCase() ?? '')),
  );
  const mountinfo = await files.readText(`${paths.proc}/self/mountinfo`, MAX_MOUNTINFO_BYTES);
  const mounts = parseMountinfo(mountinfo ?? '');
  const esps = await mapInBatches(partitions, WIDTH, async (node) => {
    const paths = [removablePath, ...(named.get(node.device?.partUuid?.toLowerCase() ?? '') ?? [])];
    return readEsp(machine, node, paths, graph, mounts);
  });
  return { kind: 'efi', entries, esps: esps.filter((esp) => esp !== null), removablePath };
}

async function removablePathOf({ files, runner }: FactSources, efi: string): Promise<string> {
  const { stdout } = await runner.run(['uname', '-m']);
  const path = REMOVABLE.find(([machine]) => machine.test(stdout))?.[1];
  if (path !== undefined) return path;
  return (await files.readText(`${efi}/fw_platform_size`))?.trim() === '32' ? REMOVABLE_PC_32 : REMOVABLE_PC;
}

async function readEntries(machine: FactSources, folder: string): Promise<readonly BootEntry[] | null> {
  const order = await readVariable(machine, `${folder}/BootOrder-${GLOBAL}`);
  if (order === null) return null;
  const entries = await mapInBatches(parseBootOrder(order), WIDTH, async (number) => {
    const bytes = await readVariable(machine, `${folder}/Boot${number}-${GLOBAL}`);
    return bytes === null ? null : parseBootEntry(number, bytes);
  });
  return entries.filter((entry) => entry !== null);
}

/** A file of efivarfs must be read at once, and its length is known only then: as text of base64(1). */
async function readVariable({ runner }: FactSources, path: string): Promise<Uint8Array | null> {
  const { status, stdout } = await runner.run(['base64', '-w0', path]);
  return status === 0 ? Uint8Array.from(atob(stdout.trim()), (letter) => letter.charCodeAt(0)) : null;
}

/** null for a partition that is no ESP by its kind, and holds no FAT. */
async function readEsp(
  machine: FactSources,
  node: BlockNode,
  wanted: readonly string[],
  graph: BlockGraph,
  mounts: readonly Mount[],
): Promise<Esp | null> {
  const { id, device } = node;
  const esp = { device: id, disks: [...needOf([id], graph).disks], partUuid: device?.partUuid ?? null };
  const fat = await openEsp(machine, node, mounts);
  if (fat === null)
    return ESP_TYPES.has(device?.partType ?? '') ? { ...esp, programs: null, entries: [] } : null;
  const programs = new Map<string, Program>();
  for (const path of new Set(wanted)) {
    const bytes = await fat.readFile(path, MAX_LOADER_BYTES);
    if (bytes === null) continue;
    const kind = loaderOfFile(bytes);
    programs.set(path, { kind, searches: kind === 'grub' ? await searchedBy(fat, path, bytes) : null });
    if (kind !== 'shim') continue;
    const folder = folderOf(path);
    for (const name of await fat.names(folder)) {
      const beside = `${folder}${name.toLowerCase()}`;
      if (/^grub.*\.efi$/i.test(name))
        programs.set(beside, { kind: 'grub', searches: await searchedBy(fat, beside, null) });
    }
  }
  return { ...esp, programs, entries: await readEntriesOf(fat) };
}

/** null where there is no FAT. One that is mounted is read where it is, if that place shows this device: another mount may hide it. */
async function openEsp(
  { files, paths }: FactSources,
  { id, device }: BlockNode,
  mounts: readonly Mount[],
): Promise<EspFiles | null> {
  const fat = await FatFiles.open(files, `${paths.dev}/${id.replaceAll('!', '/')}`);
  const mount = mounts.find(
    (one) => one.device === device?.majorMinor && one.rootInFs === '/' && one.fsType === 'vfat',
  );
  if (fat === null || mount === undefined) return fat;
  const mounted = new MountedFat(files, mount.mountPoint);
  return sameNames(await mounted.names('/'), await fat.names('/')) ? mounted : fat;
}

const sameNames = (one: readonly string[], other: readonly string[]): boolean =>
  sorted(one) === sorted(other);

const sorted = (names: readonly string[]): string =>
  names
    .map((name) => name.toLowerCase())
    .sort()
    .join('/');

const folderOf = (path: string): string => path.replace(/[^/]*$/, '');

/** GRUB's first configuration is part of its program (grub-mkimage -c), or, of a signed one, the file beside it. */
async function searchedBy(fat: EspFiles, path: string, program: Uint8Array | null): Promise<string | null> {
  const beside = await fat.readFile(`${folderOf(path)}grub.cfg`, MAX_TEXT_BYTES);
  const own = program ?? (await fat.readFile(path, MAX_LOADER_BYTES));
  return (own === null ? null : searchedUuid(own)) ?? (beside === null ? null : searchedUuid(beside));
}

/** The entries of systemd-boot (Boot Loader Specification), with what each of them lacks. */
async function readEntriesOf(fat: EspFiles): Promise<Esp['entries']> {
  const entries: { name: string; missing: string | null }[] = [];
  for (const name of await fat.names('/loader/entries')) {
    if (!name.toLowerCase().endsWith('.conf')) continue;
    const text = await fat.readFile(`/loader/entries/${name}`, MAX_TEXT_BYTES);
    let missing: string | null = text === null ? name : null;
    for (const path of filesOfEntry(text ?? new Uint8Array(0)))
      if (missing === null && !(await fat.isFile(path))) missing = path;
    entries.push({ name, missing });
  }
  for (const name of await fat.names('/EFI/Linux'))
    if (name.toLowerCase().endsWith('.efi') && (await fat.isFile(`/EFI/Linux/${name}`)))
      entries.push({ name, missing: null });
  return entries;
}

async function readBiosDisks(
  { files, paths }: FactSources,
  graph: BlockGraph,
  installed: Uint8Array | null,
): Promise<readonly BiosDisk[]> {
  const disks = [...graph.values()].filter(({ kind, standsOn }) => kind === 'disk' && standsOn.length === 0);
  return mapInBatches(disks, WIDTH, async ({ id }): Promise<BiosDisk> => {
    const path = `${paths.dev}/${id.replaceAll('!', '/')}`;
    const sector = await files.readBytes(path, 0, 512);
    if (sector === null) return { device: id, code: 'unread' };
    const code = bootCodeOf(sector);
    if (code.kind !== 'grub') return { device: id, code: code.kind };
    const at = code.coreSector * 512;
    const head = await files.readBytes(path, at, 1024);
    if (head === null || !isGrubCore(head)) return { device: id, code: 'no-core' };
    if (installed === null) return { device: id, code: 'grub' };
    const whole = await files.readBytes(path, at, Math.ceil(installed.length / 512) * 512);
    return { device: id, code: whole !== null && isSameCore(whole, installed) ? 'grub' : 'other-core' };
  });
}
