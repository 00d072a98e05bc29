import { escapeForConsole } from '../../text/escape-console.ts';
import type { DependencyNode } from '../../watchlist/watchlist.ts';
import { colourOf } from './kind-colours.ts';
import { mergeTrees, shownUuid } from './merge-tree.ts';

/** The dependency trees as a graph in the DOT language, for Graphviz. */
export function renderDot(trees: readonly DependencyNode[]): string {
  const nodes = mergeTrees(trees);
  const lines = [
    'digraph boot {',
    '  rankdir=TB;',
    '  node [shape=box, style="rounded,filled", fontname="sans-serif", fontsize=11];',
  ];
  for (const [index, node] of nodes.entries()) {
    const { kind, label, below } = node;
    const uuid = shownUuid(node);
    const text = [kind, label, ...(uuid === null ? [] : [uuid])].map(quote).join('\\n');
    lines.push(
      `  n${index} [label="${text}", fillcolor="${colourOf(kind).fill}", color="${colourOf(kind).line}"];`,
    );
    for (const target of below) lines.push(`  n${index} -> n${target};`);
  }
  return `${lines.join('\n')}\n}\n`;
}

/** Inside double quotes: control characters are made visible first, so that only quotes and backslashes are left. */
const quote = (text: string): string =>
  escapeForConsole(text, 100).replace(/\\\\/g, '\\').replace(/["\\]/g, '\\$&');
