import { escapeForConsole } from '../../text/escape-console.ts';
import { escapeMarkup } from '../../text/escape-markup.ts';
import type { DependencyNode } from '../../watchlist/watchlist.ts';
import { spreadRows } from './box-positions.ts';
import { colourOf } from './kind-colours.ts';
import { type MergedNode, mergeTrees, shownUuid } from './merge-tree.ts';
import { layeredLayout } from './rows-and-order.ts';

const BOX_HEIGHT = 46;
const ROW_HEIGHT = 92;
const MARGIN = 24;
const CHAR_WIDTH = 6.6;
const SMALL_CHAR_WIDTH = 5.6;
const MAX_LABEL = 40;
const MAX_SMALL = 56;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The dependency trees as a picture: mounts above, disks below. Self-contained, light background. */
export function renderSvg(trees: readonly DependencyNode[]): string {
  const nodes = mergeTrees(trees);
  const boxes = placeBoxes(nodes);
  const width = Math.ceil(Math.max(0, ...boxes.map((box) => box.x + box.width)) + MARGIN);
  const height = Math.ceil(Math.max(0, ...boxes.map((box) => box.y + BOX_HEIGHT)) + MARGIN);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`,
    '<title>What the boot stands on</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
  ];
  for (const [index, { below }] of nodes.entries())
    for (const target of below) parts.push(edge(boxes[index], boxes[target]));
  for (const [index, node] of nodes.entries()) parts.push(drawBox(node, boxes[index]));
  return `${parts.join('\n')}\n</svg>\n`;
}

const labelOf = (node: MergedNode): string => escapeForConsole(node.label, MAX_LABEL);

function smallText(node: MergedNode): string {
  const uuid = shownUuid(node);
  return escapeForConsole(uuid === null ? node.kind : `${node.kind}  ${uuid}`, MAX_SMALL);
}

function placeBoxes(nodes: readonly MergedNode[]): readonly Box[] {
  const places = layeredLayout(nodes);
  const widths = nodes.map(
    (node) => Math.max(labelOf(node).length * CHAR_WIDTH, smallText(node).length * SMALL_CHAR_WIDTH, 60) + 20,
  );
  const left = spreadRows(nodes, places, widths);
  return nodes.map((_, index) => ({
    x: MARGIN + (left[index] ?? 0),
    y: MARGIN + (places[index]?.row ?? 0) * ROW_HEIGHT,
    width: widths[index] ?? 0,
  }));
}

function drawBox(node: MergedNode, box: Box = { x: 0, y: 0, width: 0 }): string {
  const { fill, line } = colourOf(node.kind);
  const dash = node.kind === 'unknown' || node.kind === 'missing' ? ' stroke-dasharray="4 3"' : '';
  const centre = fixed(box.x + box.width / 2);
  return [
    `<g><rect x="${fixed(box.x)}" y="${box.y}" width="${fixed(box.width)}" height="${BOX_HEIGHT}" rx="7" fill="${fill}" stroke="${line}"${dash}/>`,
    `<text x="${centre}" y="${box.y + 20}" text-anchor="middle" font-size="12" fill="#212529">${escapeMarkup(labelOf(node))}</text>`,
    `<text x="${centre}" y="${box.y + 36}" text-anchor="middle" font-size="10" fill="#495057">${escapeMarkup(smallText(node))}</text></g>`,
  ].join('');
}

function edge(from: Box = { x: 0, y: 0, width: 0 }, to: Box = { x: 0, y: 0, width: 0 }): string {
  const [x1, y1] = [from.x + from.width / 2, from.y + BOX_HEIGHT];
  const [x2, y2] = [to.x + to.width / 2, to.y];
  const bend = (y2 - y1) / 2;
  return `<path d="M${fixed(x1)} ${y1} C${fixed(x1)} ${fixed(y1 + bend)} ${fixed(x2)} ${fixed(y2 - bend)} ${fixed(x2)} ${y2}" fill="none" stroke="#adb5bd" stroke-width="1.5"/>`;
}

const fixed = (value: number): string => value.toFixed(1);
