import type { Superblock } from '../../core/md/superblock.ts';
import { type MdDetail, parseMdadmDetailExport } from '../../core/parse/mdadm-detail-export.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { ArrayFacts, MemberFacts } from '../../core/topology/array-facts.ts';
import type { BlockGraph } from '../../core/topology/block-graph.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { readSuperblock } from '../read/superblock.ts';
import { hasBitmapFile } from '../read/sysfs-array.ts';
import { whyItFailed } from '../why-it-failed.ts';
import { PATIENT } from './device-facts.ts';

const WIDTH = 32;

/** Kernel names by the path that lsblk gave them. */
type DevicesByPath = ReadonlyMap<string, string>;

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
  const byPath = new Map(
    [...graph.values()].flatMap(({ id, device }) => (device ? [[device.path, id] as const] : [])),
  );
  const byMember = new Map(
    details.value.flatMap((detail) =>
      detail.members.map(({ path }) => [deviceOf(path, byPath), detail] as const),
    ),
  );
  const containers = await readContainers(machine, details.value, warnings);
  const found = await mapInBatches(arrays, WIDTH, async (device) => {
    const below = graph.get(device)?.standsOn ?? [];
    const detail = below.map((member) => byMember.get(member)).find((known) => known !== undefined);
    if (detail === undefined) return null;
    const container = containers.get(detail.container ?? '') ?? null;
    const members = await mapInBatches(
      detail.members,
      WIDTH,
      async ({ path, role }): Promise<MemberFacts> => {
        const member = deviceOf(path, byPath);
        const superblock =
          container === null ? await readMember(machine, member, detail.metadata, graph) : null;
        return { device: member, role, superblock };
      },
    );
    if (await hasBitmapFile(machine.files, machine.paths, device))
      warnings.push(`/dev/${device}: its bitmap is a file on another file system, which is not followed`);
    return [device, { device, detail, container, members } satisfies ArrayFacts] as const;
  });
  return ok(new Map(found.filter((entry) => entry !== null)));
}

const deviceOf = (path: string, byPath: DevicesByPath): string =>
  byPath.get(path) ?? path.replace(/^\/dev\//, '');

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
  const node = `${paths.dev}${known.path.replace(/^\/dev/, '')}`;
  return readSuperblock(files, node, known.sizeBytes, metadata === '' ? null : metadata);
}
