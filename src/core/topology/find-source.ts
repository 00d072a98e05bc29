import type { BlockDevice } from '../parse/lsblk-json.ts';
import { failure, ok, type Result } from '../result/result.ts';
import { decodeBytes } from '../text/decode-bytes.ts';
import type { BlockGraph } from './block-graph.ts';
import { reachFrom } from './reach.ts';
import { formatSourceSpec, type SourceSpec, type SourceTag } from './source-spec.ts';

type Followable = Extract<SourceSpec, { kind: 'tag' | 'path' | 'number' }>;

/** Where paths under /dev lead: to a device (`major:minor`), or, where no node is, to another path; null for nowhere. */
export type Links = ReadonlyMap<string, string | null>;

/** Ids of the nodes that a source means: one, all devices of a btrfs as one node, or several that share a UUID or label. */
export function findSource(spec: Followable, graph: BlockGraph, links: Links): Result<readonly string[]> {
  const found = topmost(candidates(spec, graph, links), graph);
  if (found.length === 0) return failure(formatSourceSpec(spec), 'no block device matches it (see blkid)');
  return ok([...new Set(found.map((device) => wholeFileSystem(device, graph)))]);
}

/** A leg of a mirror shows the same file system as the mirror: what another candidate stands on is meant by nobody. */
function topmost(found: readonly BlockDevice[], graph: BlockGraph): readonly BlockDevice[] {
  if (found.length < 2) return found;
  const below = new Set(
    found.flatMap(({ device }) => [...reachFrom(graph.get(device)?.standsOn ?? [], graph).ids]),
  );
  const top = found.filter(({ device }) => !below.has(device));
  return top.length > 0 ? top : found;
}

function candidates(spec: Followable, graph: BlockGraph, links: Links): BlockDevice[] {
  if (spec.kind === 'tag') return byTag(spec.tag, spec.value, graph);
  if (spec.kind === 'number')
    return devices(graph).filter(({ majorMinor }) => majorMinor === spec.majorMinor);
  const real = links.get(spec.path) ?? spec.path;
  if (/^\d+:\d+$/.test(real)) return devices(graph).filter(({ majorMinor }) => majorMinor === real);
  const byPath = devices(graph).filter(
    ({ path, device }) => path === real || `/dev/${device.replaceAll('!', '/')}` === real,
  );
  return byPath.length > 0 ? byPath : byNameInPath(spec.path, graph);
}

/** For a /dev without udev's links, as in a chroot: what the link's own name says. */
function byNameInPath(path: string, graph: BlockGraph): BlockDevice[] {
  const [, folder = '', name = ''] =
    /^\/dev\/disk\/by-(uuid|label|partuuid|partlabel)\/(.+)$/.exec(path) ?? [];
  if (name !== '') return byTag(folder.toUpperCase() as SourceTag, unescapeLinkName(name), graph);
  const [, group = '', volume = ''] = /^\/dev\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  const double = (text: string) => text.replaceAll('-', '--');
  const dmName = group === 'mapper' ? volume : `${double(group)}-${double(volume)}`;
  return [...graph.values()].flatMap(({ dmUuid, name, device }) =>
    dmUuid !== null && name === dmName && device !== null ? [device] : [],
  );
}

/** udev writes unusual characters of labels as `\x20` in the names of its links. */
const unescapeLinkName = (name: string): string =>
  name.replace(/(?:\\x[0-9a-f]{2})+/g, (run) =>
    decodeBytes(
      run
        .slice(2)
        .split('\\x')
        .map((digits) => Number.parseInt(digits, 16)),
    ),
  );

function byTag(tag: SourceTag, value: string, graph: BlockGraph): BlockDevice[] {
  const lower = value.toLowerCase();
  return devices(graph).filter((device) => {
    if (tag === 'PARTUUID') return device.partUuid?.toLowerCase() === lower;
    if (tag === 'PARTLABEL') return device.partLabel === value;
    if (device.fsType === 'linux_raid_member' || device.fsType === 'LVM2_member') return false;
    return tag === 'UUID' ? device.uuid?.toLowerCase() === lower : device.label === value;
  });
}

const devices = (graph: BlockGraph): BlockDevice[] =>
  [...graph.values()].flatMap(({ device }) => (device === null ? [] : [device]));

function wholeFileSystem(device: BlockDevice, graph: BlockGraph): string {
  const together = `btrfs:${device.uuid ?? ''}`;
  return device.fsType === 'btrfs' && graph.has(together) ? together : device.device;
}
