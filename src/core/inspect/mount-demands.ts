import { type CrypttabEntry, opensInInitramfs } from '../parse/crypttab.ts';
import type { FstabEntry } from '../parse/fstab.ts';
import { deviceTimeout, timeoutMs } from '../parse/systemd-time.ts';
import type { BlockGraph } from '../topology/block-graph.ts';
import type { RootFacts } from '../topology/boot-mounts.ts';
import { findSource, type Links } from '../topology/find-source.ts';
import { type Need, needOf } from '../topology/need.ts';
import { parseSourceSpec, type SourceSpec } from '../topology/source-spec.ts';

/** A line of a file that a person can change; the number is null where nobody knows it. */
export interface FileLine {
  readonly path: string;
  readonly line: number | null;
}

/** What systemd is told to bring up once root is there: a mount or swap of fstab, a mapping of crypttab. */
export interface Demand {
  readonly kind: 'mount' | 'swap' | 'mapping';
  /** Mount point, or name of the mapping; the source of a swap. */
  readonly name: string;
  readonly source: string;
  readonly at: FileLine;
  /**
   * `required`: without it local-fs.target fails, which is emergency mode. `awaited`: the boot goes on without it, but only after the wait
   * (swap.target and cryptsetup.target are wanted by sysinit.target, not required). `optional`: nothing waits for it.
   */
  readonly weight: 'required' | 'awaited' | 'optional';
  /** How long systemd waits for the device; null: for ever. */
  readonly waitMs: number | null;
  /** `waitMs` is what its line says (x-systemd.device-timeout). */
  readonly isWaitSet: boolean;
  /** No job of the boot is about it. */
  readonly isByHand: boolean;
  /** Each is enough: several where copies share a UUID. None: it is on no block device. */
  readonly ways: readonly Need[] | null;
  /** Why it could not be followed; null where it could. */
  readonly lost: string | null;
  /** Mount points that must be there before: a mount fails with the mount that it lies in (systemd.mount(5), implicit dependencies). */
  readonly inside: readonly string[];
}

/** DefaultDeviceTimeoutSec (systemd-system.conf(5)). */
const DEVICE_TIMEOUT_MS = 90_000;

/** The mounts that the boot image makes are no demand: they are root's. */
const IN_IMAGE = new Set(['/', '/usr']);

/** Network mounts belong to remote-fs.target, whose failure ends no boot. */
const NETWORK = /^(nfs4?|cifs|smb3|9p|ceph|glusterfs|fuse\.sshfs|virtiofs)$/;

type DemandFacts = Pick<RootFacts, 'fstab' | 'fstabAt' | 'crypttab' | 'crypttabAt'>;

/** All sources of fstab and crypttab after root, for their links to be read. */
export const demandSources = ({ fstab, crypttab }: DemandFacts): readonly SourceSpec[] => [
  ...fstab.map(({ source, fsType }) => parseSourceSpec(source, fsType)),
  ...crypttab.map(({ source }) => parseSourceSpec(source)),
];

/** What fstab and crypttab demand after root, as systemd-fstab-generator(8) and systemd-cryptsetup-generator(8) read them. */
export function mountDemands(facts: DemandFacts, graph: BlockGraph, links: Links): readonly Demand[] {
  const follow = (spec: SourceSpec) => followSource(spec, facts.crypttab, graph, links);
  const places = facts.fstab.map(({ mountPoint }) => mountPoint).filter((place) => place.startsWith('/'));
  const ofFstab = facts.fstab
    .filter((entry) => !isMadeByImage(entry))
    .map((entry): Demand => {
      const isSwap = entry.fsType === 'swap';
      const path = pathOfFile(entry);
      return {
        kind: isSwap ? 'swap' : 'mount',
        name: isSwap ? entry.source : entry.mountPoint,
        source: entry.source,
        at: { path: facts.fstabAt, line: entry.line },
        weight: weightOf(entry),
        ...timesOf(entry.options),
        ...(path === null ? follow(parseSourceSpec(entry.source, entry.fsType)) : { ways: null, lost: null }),
        inside: placesAbove(entry, path, places),
      };
    });
  const ofCrypttab = facts.crypttab
    .filter((entry) => !opensInInitramfs(entry))
    .map((entry): Demand => {
      const path = entry.source.startsWith('/') && !entry.source.startsWith('/dev/') ? entry.source : null;
      return {
        kind: 'mapping',
        name: entry.target,
        source: entry.source,
        at: { path: facts.crypttabAt, line: entry.line },
        weight: ['noauto', 'nofail', '_netdev'].some((word) => entry.options.includes(word))
          ? 'optional'
          : 'awaited',
        ...timesOf(entry.options),
        ...(path === null ? follow(parseSourceSpec(entry.source)) : { ways: null, lost: null }),
        inside: path === null ? [] : holdersOf(path, places),
      };
    });
  return [...ofFstab, ...ofCrypttab];
}

const isMadeByImage = ({ mountPoint, options }: FstabEntry): boolean =>
  IN_IMAGE.has(mountPoint) || options.includes('x-initrd.mount');

function weightOf({ fsType, options }: FstabEntry): Demand['weight'] {
  const has = (word: string) => options.includes(word);
  const isOptional =
    has('noauto') ||
    has('nofail') ||
    has('_netdev') ||
    NETWORK.test(fsType) ||
    options.some((option) => /^(x-systemd\.automount$|x-systemd\.(wanted|required)-by=)/.test(option));
  if (isOptional) return 'optional';
  return fsType === 'swap' ? 'awaited' : 'required';
}

/** A bind, or an image in a file: it needs the mount that the path lies in. */
function pathOfFile({ source, options }: FstabEntry): string | null {
  const isPath = source.startsWith('/') && !source.startsWith('/dev/');
  const isBound = options.includes('bind') || options.includes('rbind');
  return isPath && (isBound || !source.startsWith('//')) ? source : null;
}

function placesAbove(
  { mountPoint, options }: FstabEntry,
  path: string | null,
  places: readonly string[],
): readonly string[] {
  const above = holdersOf(mountPoint, places).filter((place) => place !== mountPoint);
  const named = options.flatMap((option) => {
    const [, wanted] = /^x-systemd\.requires-mounts-for=(.+)$/.exec(option) ?? [];
    return wanted === undefined ? [] : holdersOf(wanted, places);
  });
  const ofFile = path === null ? [] : holdersOf(path, places).filter((place) => place !== mountPoint);
  return [...new Set([...above, ...named, ...ofFile])];
}

/** The mount points that a path lies in, root and /usr aside. */
const holdersOf = (path: string, places: readonly string[]): readonly string[] =>
  places.filter((place) => !IN_IMAGE.has(place) && (path === place || path.startsWith(`${place}/`)));

const timesOf = (options: readonly string[]): Pick<Demand, 'waitMs' | 'isWaitSet' | 'isByHand'> => ({
  waitMs: deviceTimeoutMs(options),
  isWaitSet: deviceTimeout(options) !== null,
  isByHand: options.includes('noauto') && !options.includes('x-systemd.automount'),
});

/** For ever is null, and what cannot be read is the default. */
function deviceTimeoutMs(options: readonly string[]): number | null {
  const text = deviceTimeout(options);
  const ms = text === null ? DEVICE_TIMEOUT_MS : (timeoutMs(text) ?? DEVICE_TIMEOUT_MS);
  return ms === Number.POSITIVE_INFINITY ? null : ms;
}

/** A mapping that is not open now is on what crypttab says. */
function followSource(
  spec: SourceSpec,
  crypttab: readonly CrypttabEntry[],
  graph: BlockGraph,
  links: Links,
): Pick<Demand, 'ways' | 'lost'> {
  if (spec.kind === 'memory') return { ways: null, lost: null };
  if (spec.kind === 'elsewhere') return { ways: null, lost: spec.why };
  if (spec.kind === 'not-understood') return { ways: null, lost: 'its source is not understood' };
  const found = findSource(spec, graph, links);
  if (found.ok) return { ways: found.value.map((id) => needOf([id], graph)), lost: null };
  const closed =
    spec.kind === 'path' ? crypttab.find(({ target }) => spec.path === `/dev/mapper/${target}`) : undefined;
  const below = closed === undefined ? null : parseSourceSpec(closed.source);
  if (below === null || (below.kind !== 'tag' && below.kind !== 'path' && below.kind !== 'number'))
    return { ways: null, lost: found.why };
  const container = findSource(below, graph, links);
  return container.ok
    ? { ways: container.value.map((id) => ({ ...needOf([id], graph), passphrase: true })), lost: null }
    : { ways: null, lost: container.why };
}
