import { parseMdUuid } from '../md/md-uuid.ts';
import { MAX_SLOTS, type Metadata, type Role } from '../md/superblock.ts';
import { readShape, type Shape } from '../parse/json-reader.ts';
import { failure, type Result } from '../result/result.ts';
import { asciiJson } from '../text/ascii-json.ts';
import { layersFault } from './layers-fault.ts';
import { MAX_HOW } from './unlocks.ts';
import {
  type DegradedPolicy,
  type DependencyNode,
  type DiskIdentity,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type WatchedMember,
  type Watchlist,
} from './watchlist.ts';

/** Readers must ask for at least this much: 500 arrays of 4 members are about 1 MiB. */
export const MAX_WATCHLIST_BYTES = 8 * 1024 * 1024;

const MAX_ARRAYS = 4096;
const MAX_MEMBERS = 4096;
const MAX_TREE_DEPTH = 64;
const MAX_TREE_NODES = 65_536;
const MAX_WAIT_MS = 24 * 3600 * 1000;
const MAX_TEXT = 512;

const DEVICE_PATH = /^\/dev(?:\/(?!\.\.?(?:\/|$))[A-Za-z0-9._:@+=,-]+)+$/;
const PRINTABLE = /^[\x20-\x7e]+$/;
const PRINTABLE_WORD = /^[\x21-\x7e]+$/;
const HOST_NAME = /^[A-Za-z0-9._-]*$/;
const METADATA: readonly (Metadata | 'imsm' | 'ddf')[] = ['0.90', '1.0', '1.1', '1.2', 'imsm', 'ddf'];
const POLICIES: readonly DegradedPolicy[] = ['start', 'ask', 'never'];

/** Reads a watchlist file; refuses all that is not exactly one of this version, since the boot acts on it (S1, S12). */
export function parseWatchlist(text: string, at = 'watchlist'): Result<Watchlist> {
  if (text.length > MAX_WATCHLIST_BYTES) return failure(at, `is larger than ${MAX_WATCHLIST_BYTES} bytes`);
  const read = readShape(text, at, readWatchlist);
  if (!read.ok) return read;
  const fault = layersFault(read.value.arrays);
  return fault === null ? read : failure(at, fault);
}

/** The text of a watchlist file: one JSON document, stable in order, ending in a newline. */
export function formatWatchlist(watchlist: Watchlist): string {
  return `${asciiJson({ ...watchlist, arrays: sortArrays(watchlist.arrays) })}\n`;
}

/** By layer, then UUID. */
export const sortArrays = (arrays: readonly WatchedArray[]): readonly WatchedArray[] =>
  [...arrays].sort((a, b) => a.layer - b.layer || (a.uuid < b.uuid ? -1 : a.uuid > b.uuid ? 1 : 0));

function readWatchlist(top: Shape): Watchlist {
  const schema = checkSchema(top.field('schema'));
  const settings = top.field('settings');
  return {
    schema,
    hostName: top.field('hostName').text(255, HOST_NAME),
    settings: {
      noticeAfterMs: settings.field('noticeAfterMs').integer(0, MAX_WAIT_MS),
      maxWaitMs: settings.field('maxWaitMs').integer(0, MAX_WAIT_MS),
      shell: settings.field('shell').oneOf(['allow', 'deny']),
      stale: settings.field('stale').oneOf(['ask', 'start']),
    },
    arrays: sortArrays(top.field('arrays').list(MAX_ARRAYS, readArray)),
    tree: readTree(top.field('tree')),
    warnings: top.field('warnings').list(4096, (item) => item.text(4096)),
    ...readRebuild(top.field('rebuild')),
    ...readPolicies(top.field('policies')),
    ...readUnlocks(top.field('unlocks')),
  };
}

const readRebuild = (field: Shape): Pick<Watchlist, 'rebuild'> =>
  field.raw() === undefined ? {} : { rebuild: field.text(64, PRINTABLE) };

const readPolicies = (field: Shape): Pick<Watchlist, 'policies'> =>
  field.raw() === undefined ? {} : { policies: field.text(MAX_WATCHLIST_BYTES) };

const readUnlocks = (field: Shape): Pick<Watchlist, 'unlocks'> =>
  field.raw() === undefined
    ? {}
    : {
        unlocks: field.list(MAX_ARRAYS, (item) => ({
          mapping: item.field('mapping').text(MAX_TEXT),
          how: item.field('how').text(MAX_HOW),
        })),
      };

function checkSchema(field: Shape): typeof WATCHLIST_SCHEMA {
  const schema = field.raw();
  if (schema === WATCHLIST_SCHEMA) return WATCHLIST_SCHEMA;
  const version =
    typeof schema === 'string' ? /^reliable-raid\/watchlist\/(\d{1,9})$/.exec(schema)?.[1] : undefined;
  if (version === undefined)
    return field.refuse(`is not ${WATCHLIST_SCHEMA}: not a watchlist of reliable-raid`);
  return field.refuse(
    `version ${version} belongs to another release of reliable-raid; this one reads ${WATCHLIST_SCHEMA}; rebuild the image`,
  );
}

function readArray(array: Shape): WatchedArray {
  return {
    uuid: uuid(array.field('uuid')),
    name: array.field('name').text(MAX_TEXT),
    devicePath: array.field('devicePath').text(255, DEVICE_PATH),
    level: array.field('level').integer(-1000, 1000),
    layout: array.field('layout').integer(-1, 0xffff_ffff),
    raidDevices: array.field('raidDevices').integer(0, MAX_SLOTS),
    metadata: array.field('metadata').oneOf(METADATA),
    container: array.field('container').orNull(uuid),
    layer: array.field('layer').integer(0, MAX_TREE_DEPTH),
    neededBy: array.field('neededBy').list(256, (item) => item.text(4096)),
    standsOn: array.field('standsOn').list(MAX_ARRAYS, uuid),
    behindPassphrase: array.field('behindPassphrase').boolean(),
    waitMs: array.field('waitMs').integer(0, MAX_WAIT_MS),
    degraded: array.field('degraded').oneOf(POLICIES),
    members: array.field('members').list(MAX_MEMBERS, readMember),
  };
}

const uuid = (shape: Shape) => shape.value(parseMdUuid(shape.text(64)));

function readMember(member: Shape): WatchedMember {
  const ledger = member.field('ledger');
  return {
    deviceUuid: member.field('deviceUuid').text(128, PRINTABLE_WORD),
    role: readRole(member.field('role')),
    disk: readDisk(member.field('disk')),
    ledger: {
      events: ledger.field('events').integer(0, Number.MAX_SAFE_INTEGER),
      updateTimeMs: ledger.field('updateTimeMs').integer(0, Number.MAX_SAFE_INTEGER),
      inSync: ledger.field('inSync').boolean(),
    },
  };
}

function readRole(role: Shape): Role {
  return typeof role.raw() === 'number'
    ? role.integer(0, MAX_SLOTS - 1)
    : role.oneOf(['spare', 'faulty', 'journal']);
}

export function readDisk(disk: Shape): DiskIdentity {
  const text = (shape: Shape) => shape.text(MAX_TEXT);
  return {
    byId: disk.field('byId').orNull(text),
    model: disk.field('model').orNull(text),
    serial: disk.field('serial').orNull(text),
    sizeBytes: disk.field('sizeBytes').orNull((shape) => shape.integer(0, Number.MAX_SAFE_INTEGER)),
  };
}

function readTree(tree: Shape): DependencyNode[] {
  let nodes = 0;
  const readNode = (node: Shape, depth: number): DependencyNode => {
    nodes += 1;
    if (depth > MAX_TREE_DEPTH || nodes > MAX_TREE_NODES) node.refuse('is too deep or too large a tree');
    return {
      kind: node.field('kind').text(64),
      label: node.field('label').text(4096),
      uuid: node.field('uuid').orNull((shape) => shape.text(MAX_TEXT)),
      children: node.field('children').list(MAX_TREE_NODES, (child) => readNode(child, depth + 1)),
    };
  };
  return tree.list(256, (root) => readNode(root, 1));
}
