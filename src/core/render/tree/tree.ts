import { escapeForConsole } from '../../text/escape-console.ts';
import { cut, fit, WIDTH } from '../../text/lines.ts';
import {
  type DependencyNode,
  isExternal,
  type WatchedArray,
  type Watchlist,
} from '../../watchlist/watchlist.ts';
import { arrayLabel } from '../labels.ts';

const SHORTEST = 24;

/** The watchlist for a person: each boot mount down to its disks, then the arrays in the order they are needed. */
export function renderTree(watchlist: Watchlist): string {
  const lines: string[] = [];
  for (const root of watchlist.tree) {
    const seen = new Set<string>();
    lines.push(fit(escapeForConsole(root.label, 256)));
    for (const [index, child] of root.children.entries())
      addLines(child, '', index === root.children.length - 1, seen, lines);
    lines.push('');
  }
  const { arrays } = watchlist;
  if (arrays.length === 0) lines.push('No array is needed.');
  for (const array of arrays) lines.push(...arrayLines(array));
  return `${lines.join('\n')}\n`;
}

function addLines(
  node: DependencyNode,
  indent: string,
  isLast: boolean,
  seen: Set<string>,
  lines: string[],
): void {
  const key = `${node.kind} ${node.label} ${node.uuid}`;
  const isAbove = node.children.length === 0 && seen.has(key);
  if (node.children.length > 0) seen.add(key);
  const branch = `${indent}${isLast ? '`-- ' : '|-- '}`;
  const text = `${escapeForConsole(`${node.kind} ${node.label}`, 200)}${isAbove ? ' (see above)' : ''}`;
  lines.push(fitBehind(branch, text));
  const below = `${indent}${isLast ? '    ' : '|   '}`;
  for (const [index, child] of node.children.entries())
    addLines(child, below, index === node.children.length - 1, seen, lines);
}

/** What fits behind the branch, and always a few words of it. */
const fitBehind = (branch: string, text: string): string =>
  `${branch}${cut(text, Math.max(SHORTEST, WIDTH - branch.length))}`;

function arrayLines(array: WatchedArray): string[] {
  const inSlots = array.members.filter(({ role }) => typeof role === 'number');
  const inSync = inSlots.filter(({ ledger }) => ledger.inSync).length;
  // Of a container's volume it is known only which disks hold its slots.
  const members = isExternal(array)
    ? `${inSlots.length} of ${array.raidDevices} members`
    : `${inSync} of ${array.raidDevices} members in sync`;
  const passphrase = array.behindPassphrase ? ', behind a passphrase' : '';
  const neededBy = array.neededBy.map((mount) => escapeForConsole(mount)).join(', ');
  return [
    fit(`array ${arrayLabel(array)}  ${array.uuid}`),
    fit(`  layer ${array.layer}${passphrase}, ${members}, needed by ${neededBy}`),
    `  wait ${array.waitMs / 1000} s, degraded: ${array.degraded}`,
  ];
}
