import { endsAt } from '../../explain/explanation.ts';
import type { Forecast } from '../../explain/simulate-boot.ts';
import { type StageForecast, type StageVerdict, stageForecasts } from '../../explain/stage-verdicts.ts';
import { type Finding, isGrave } from '../../inspect/finding.ts';
import { levelName } from '../../md/levels.ts';
import type { DependencyNode, WatchedArray } from '../../watchlist/watchlist.ts';
import { type ExplanationParts, explanationParts } from '../commands/explain-text.ts';
import { findingText } from '../commands/finding-text.ts';
import { arrayLabel } from '../labels.ts';
import { shownUuid } from '../tree/merge-tree.ts';
import { atWords, type BootWords, bootWords } from './boot-words.ts';
import type { MachineReport } from './machine-report.ts';
import { type Markup, markup } from './markup.ts';
import { PAGE_STYLE } from './page-style.ts';
import { headline } from './report-text.ts';

/** One HTML file without anything outside it; no script runs in it. */
export function renderReportHtml(report: MachineReport): string {
  const { boots, list, nextBoot, nowMs, warnings } = report;
  const title = headline(report);
  const page = markup`<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<header><h1>${title}</h1></header>
<main>
<section><h2>Last boots</h2>
<p class="soft">Times are counted from the start of the kernel.</p>
${bootWords(boots, nowMs).map(bootCard)}</section>
<div class="beside">
<section><h2>What the boot stands on</h2>
${list === null ? unknown : treeOf(list.tree)}${(list?.arrays ?? []).map(arrayCard)}</section>
<section><h2>The next boot, and without each disk</h2>
${nextBoot === null ? unknown : casesOf(explanationParts(nextBoot))}</section>
</div>
${warnings.length === 0 ? nothing : warningsOf(warnings)}</main>
</body>
</html>
`;
  return `<!DOCTYPE html>\n<html lang="en">\n<head>\n${page.html}`;
}

const nothing: Markup = markup``;
const unknown: Markup = markup`<p class="bad">Not known; see the warnings.</p>`;
/** Ours, and no text from anywhere else. */
const style: Markup = { html: PAGE_STYLE };

const bootCard = ({ title, summary, tone, entries, cutEntries }: BootWords): Markup =>
  markup`<article class="card ${tone}"><h3>${title}</h3>
<p class="mark">${summary}</p>
${entries.length === 0 ? nothing : timelineOf(entries)}${cutEntries === 0 ? nothing : markup`<p class="soft">${cutEntries} entries were not kept.</p>`}</article>
`;

const timelineOf = (entries: BootWords['entries']): Markup =>
  markup`<ol class="time">
${entries.map(({ atMs, tone, text }) => markup`<li><span class="at">${atWords(atMs)}</span> <span class="${tone}">${text}</span></li>\n`)}</ol>
`;

/** Each mount down to its disks; what was spelled out above it is named only. */
const treeOf = (trees: readonly DependencyNode[]): Markup =>
  markup`<ul class="tree">
${trees.map((tree) => nodeOf(tree, new Set()))}</ul>
`;

function nodeOf(node: DependencyNode, seen: Set<string>): Markup {
  const key = `${node.kind} ${node.label} ${node.uuid}`;
  const isAbove = node.children.length === 0 && seen.has(key);
  if (node.children.length > 0) seen.add(key);
  const uuid = shownUuid(node);
  const children = node.children.map((child) => nodeOf(child, seen));
  const isGone = node.kind === 'missing' || node.kind === 'unknown';
  return markup`<li class="${isGone ? 'missing' : 'present'}"><span class="kind">${node.kind}</span> <span class="label">${node.label}</span>${isAbove ? markup` <span class="soft">(see above)</span>` : nothing}${uuid === null ? nothing : markup` <span class="soft mono">${uuid}</span>`}${children.length === 0 ? nothing : markup`<ul>${children}</ul>`}</li>
`;
}

function arrayCard(array: WatchedArray): Markup {
  const { uuid, level, layer, raidDevices, neededBy, waitMs, degraded, behindPassphrase } = array;
  const wait = `wait ${waitMs / 1000} s, degraded: ${degraded}`;
  return markup`<article class="card good"><h3>array ${arrayLabel(array)}</h3>
<p>${levelName(level)}, ${raidDevices} members, layer ${layer}${behindPassphrase ? ', behind a passphrase' : ''}, needed by ${neededBy.join(', ')}</p>
<p class="soft">${wait}</p>
<p class="soft mono">${uuid}</p></article>
`;
}

const casesOf = ({ cases, always, assumed }: ExplanationParts): Markup =>
  markup`${cases.map(caseCard)}${
    always.length === 0
      ? nothing
      : markup`<article class="card care"><h3>${cases.length > 1 ? 'In every case' : 'Besides'}</h3>
${always.map(findingOf)}</article>
`
  }<p class="soft">${assumed}</p>
`;

function caseCard({ forecast, lead, text, findings }: ExplanationParts['cases'][number]): Markup {
  const [tone, word] = verdictOf(forecast);
  return markup`<article class="card ${tone}"><h3>${lead.replace(/[,:]$/, '')}</h3>
<p class="mark">${word}</p>
<ol class="stages">${stageForecasts(forecast).map(stageOf)}</ol>
<p>${text}</p>
${findings.map(findingOf)}</article>
`;
}

const TONES: Readonly<Record<StageVerdict, 'good' | 'care' | 'bad' | 'soft'>> = {
  'goes-on': 'good',
  asks: 'care',
  stops: 'bad',
  unknown: 'soft',
};

const stageOf = ({ stage, verdict, isReached }: StageForecast): Markup =>
  markup`<li class="${isReached ? TONES[verdict] : 'unreached'}">${stage.replace('-', ' ')}</li>`;

function verdictOf(forecast: Forecast): readonly ['good' | 'care' | 'bad', string] {
  if (endsAt(forecast) !== null && forecast.outcome !== 'asks') return ['bad', 'The boot stops.'];
  if (forecast.outcome === 'asks') return ['care', 'The boot needs a person.'];
  return (forecast.findings ?? []).some(isGrave)
    ? ['care', 'Nobody can tell.']
    : ['good', 'The machine comes up.'];
}

function findingOf(finding: Finding): Markup {
  const { text, remedy, commands } = findingText(finding);
  const tone = finding.grade === 'stop' ? 'bad' : finding.grade === 'unknown' ? 'care' : 'plain';
  return markup`<div class="finding"><p><span class="${tone}">${finding.grade}, ${finding.stage}:</span> ${text}.</p>
${remedy === null ? nothing : markup`<p>${remedy}</p>\n`}${commands.map((command) => markup`<p><code>${command}</code></p>\n`)}</div>
`;
}

const warningsOf = (warnings: readonly string[]): Markup =>
  markup`<section><h2>Warnings</h2>
<ul>${warnings.map((warning) => markup`<li>${warning}</li>\n`)}</ul></section>
`;
