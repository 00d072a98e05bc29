import type { Role, Superblock } from '../../core/md/superblock.ts';
import { type MdDetail, parseMdadmDetailExport } from '../../core/parse/mdadm-detail-export.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { ArrayFacts, MemberFacts } from '../../core/topology/array-facts.ts';
import type { BlockGraph } from '../../core/topology/block-graph.ts';
import { deviceAt, deviceNumbers } from '../../core/topology/device-numbers.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { readSuperblock } from '../read/superblock.ts';
import { hasBitmapFile } from '../read/sysfs-array.ts';
import { whyItFailed } from '../why-it-failed.ts';
import { PATIENT } from './patience.ts';

const WIDTH = 32;

/** Asks mdadm about all arrays in one call, and each member for its superblock. */
export async function readArrayFacts(
  machine: FactSources,
  arrays: readonly string[],
  graph: BlockGraph,
  warnings: string[],
): Promise<Result<ReadonlyMap<string, ArrayFacts>>> {
  if (arrays.length === 0) return ok(new Map());
  const details = await askMdadm(
    machine,
    arrays.map((device) => graph.get(device)?.device?.path ?? `/dev/${device}`),
  );
  if (!details.ok) return details;
  const told = whichArray(arrays, await withDevices(machine, details.value, graph), graph);
  const containers = await readContainers(machine, details.value, warnings);
  const found = await mapInBatches([...told], WIDTH, async ([device, { detail, devices }]) => {
    const container = containers.get(detail.container ?? '') ?? null;
    const members = await mapInBatches(
      addUntold(device, devices, graph),
      WIDTH,
      async ({ member, role }): Promise<MemberFacts> => {
        const superblock =
          container === null ? await readMember(machine, member, detail.metadata, graph) : null;
        return { device: member, role, superblock };
      },
    );
    if (await hasBitmapFile(machine.files, machine.paths, device))
      warnings.push(`/dev/${device}: its bitmap is a file on another file system, which is not followed`);
    return [device, { device, detail, container, members } satisfies ArrayFacts] as const;
  });
  return ok(new Map(found));
}

/** What mdadm reports of one array, with its members by kernel name. */
interface ToldArray {
  readonly detail: MdDetail;
  readonly devices: readonly { readonly member: string; readonly role: Role }[];
}

/** mdadm prints any name under /dev/md, else the shortest below /dev: of all of them only the number is certain. */
async function withDevices(
  { files, paths }: FactSources,
  details: readonly MdDetail[],
  graph: BlockGraph,
): Promise<readonly ToldArray[]> {
  const known = deviceNumbers(graph);
  return mapInBatches(details, WIDTH, async (detail) => {
    const devices = await mapInBatches(detail.members, WIDTH, async ({ path, role }) => {
      const number = await files.deviceNumber(nodeOf(paths.dev, path));
      const member = deviceAt(path, number, graph, known);
      return { member: member ?? path.replace(/^\/dev\//, ''), role };
    });
    return { detail, devices };
  });
}

/**
 * Which array each record is about: the one that stands on its members. Volumes of one container share them; mdadm reports
 * arrays in the order in which it was asked.
 */
function whichArray(
  arrays: readonly string[],
  told: readonly ToldArray[],
  graph: BlockGraph,
): ReadonlyMap<string, ToldArray> {
  const byMember = new Map<string, string[]>();
  for (const array of arrays)
    for (const member of graph.get(array)?.standsOn ?? []) {
      const above = byMember.get(member);
      if (above === undefined) byMember.set(member, [array]);
      else above.push(array);
    }
  const found = new Map<string, ToldArray>();
  for (const one of told) {
    const candidates = one.devices.flatMap(({ member }) => byMember.get(member) ?? []);
    const array = candidates.find((candidate) => !found.has(candidate));
    if (array !== undefined) found.set(array, one);
  }
  return new Map(arrays.flatMap((array) => [found.get(array)].flatMap((one) => (one ? [[array, one]] : []))));
}

/** mdadm leaves out a member that has no node under /dev; the kernel names it, and its superblock tells its role. */
function addUntold(array: string, told: ToldArray['devices'], graph: BlockGraph): ToldArray['devices'] {
  const known = new Set(told.map(({ member }) => member));
  const below = graph.get(array)?.standsOn ?? [];
  return [
    ...told,
    ...below.filter((member) => !known.has(member)).map((member) => ({ member, role: 'spare' as const })),
  ];
}

const nodeOf = (dev: string, path: string): string => `${dev}${path.replace(/^\/dev(?=\/)/, '')}`;

async function askMdadm(
  machine: FactSources,
  nodes: readonly string[],
): Promise<Result<readonly MdDetail[]>> {
  const mdadm = await machine.runner.run(['mdadm', '--detail', '--export', ...nodes], PATIENT);
  const parsed = parseMdadmDetailExport(mdadm.stdout);
  if (!parsed.ok) return parsed;
  if (mdadm.status !== 0 && parsed.value.length === 0) return failure('mdadm', whyItFailed(mdadm));
  return parsed;
}

/** The containers of IMSM and DDF volumes, by the path that their volumes name. */
async function readContainers(
  machine: FactSources,
  details: readonly MdDetail[],
  warnings: string[],
): Promise<ReadonlyMap<string, MdDetail>> {
  const containers = new Map<string, MdDetail>();
  for (const path of new Set(details.flatMap(({ container }) => container ?? []))) {
    const asked = await askMdadm(machine, [path]);
    const [detail] = asked.ok ? asked.value : [];
    if (detail !== undefined) containers.set(path, detail);
    else
      warnings.push(
        `${escapeForConsole(path)}: ${asked.ok ? 'mdadm reports nothing about this container' : asked.why}`,
      );
  }
  return containers;
}

async function readMember(
  { files, paths }: FactSources,
  device: string,
  metadata: string,
  graph: BlockGraph,
): Promise<Superblock | null> {
  const known = graph.get(device)?.device;
  if (!known || known.sizeBytes === null) return null;
  return readSuperblock(
    files,
    nodeOf(paths.dev, known.path),
    known.sizeBytes,
    metadata === '' ? null : metadata,
  );
}
