import type { Explanation } from '../../explain/explanation.ts';
import { type StageForecast, type StageVerdict, stageForecasts } from '../../explain/stage-verdicts.ts';
import { isGrave } from '../../inspect/finding.ts';
import { escapeMarkup } from '../../text/escape-markup.ts';
import { cut, wrapTo } from '../../text/lines.ts';
import { type ExplanationParts, explanationParts } from './explain-text.ts';
import { findingText } from './finding-text.ts';

const MARGIN = 24;
const CHIP_WIDTH = 126;
const CHIP_HEIGHT = 28;
const GAP = 22;
const LINE_HEIGHT = 17;
const WIDTH = 2 * MARGIN + 6 * CHIP_WIDTH + 5 * GAP;
/** Columns of a sentence at 12 px. */
const COLUMNS = 132;
const ABOVE_CHIPS = 12;
const BETWEEN_CASES = 26;

const PLAIN = 'font-size="12" fill="#495057"';
const GRAVE = 'font-size="12" fill="#c92a2a"';

interface Look {
  readonly fill: string;
  readonly line: string;
  readonly word: string;
}

const LOOKS: Readonly<Record<StageVerdict, Look>> = {
  'goes-on': { fill: '#d3f9d8', line: '#2b8a3e', word: '' },
  asks: { fill: '#fff3bf', line: '#e67700', word: ': asks' },
  stops: { fill: '#ffe3e3', line: '#c92a2a', word: ': stops' },
  unknown: { fill: '#f1f3f5', line: '#868e96', word: ': ?' },
};
const NOT_REACHED: Look = { fill: '#ffffff', line: '#ced4da', word: '' };

/** A picture: for each case the stages of the boot, green where it goes on, red where it stops. Self-contained, light background. */
export function renderExplanationSvg(explanation: Explanation): string {
  const { cases, always, assumed } = explanationParts(explanation);
  let y = MARGIN;
  const drawn = cases.map((one) => {
    const { svg, height } = drawCase(one, y);
    y += height + BETWEEN_CASES;
    return svg;
  });
  const common = always
    .filter(isGrave)
    .flatMap((one) => wrapTo(COLUMNS, `In every case: ${findingText(one).text}`));
  const below = common.map((line, index) => textAt(MARGIN, y + index * LINE_HEIGHT, line.trimStart(), GRAVE));
  y += common.length * LINE_HEIGHT;
  const height = y + LINE_HEIGHT;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif">`,
    '<title>What the next boot does</title>',
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    ...drawn,
    ...below,
    textAt(MARGIN, y, assumed, 'font-size="11" fill="#868e96"'),
    '</svg>\n',
  ].join('\n');
}

function drawCase(
  { forecast, lead, text, findings }: ExplanationParts['cases'][number],
  top: number,
): { readonly svg: string; readonly height: number } {
  const chipsAt = top + LINE_HEIGHT + ABOVE_CHIPS;
  const stages = stageForecasts(forecast);
  const grave = findings.filter(isGrave).flatMap((one) => wrapTo(COLUMNS, findingText(one).text));
  const lines = [
    ...wrapTo(COLUMNS, text).map((line) => ({ line, look: PLAIN })),
    ...grave.map((line) => ({ line, look: GRAVE })),
  ];
  const textTop = chipsAt + CHIP_HEIGHT + LINE_HEIGHT + 2;
  const parts = [
    textAt(
      MARGIN,
      top + LINE_HEIGHT,
      cut(lead.replace(/[,:]$/, ''), 100),
      'font-size="14" font-weight="bold" fill="#212529"',
    ),
    ...stages.map((stage, index) => drawStage(stage, index, chipsAt)),
    ...lines.map(({ line, look }, index) =>
      textAt(MARGIN, textTop + index * LINE_HEIGHT, line.trimStart(), look),
    ),
  ];
  return {
    svg: `<g>${parts.join('\n')}</g>`,
    height: textTop + (lines.length - 1) * LINE_HEIGHT - top,
  };
}

function drawStage({ stage, verdict, isReached }: StageForecast, index: number, y: number): string {
  const { fill, line, word } = isReached ? LOOKS[verdict] : NOT_REACHED;
  const x = MARGIN + index * (CHIP_WIDTH + GAP);
  const middle = y + CHIP_HEIGHT / 2;
  const dash = isReached ? '' : ' stroke-dasharray="4 3"';
  const arrow =
    index === 0
      ? ''
      : `<path d="M${x - GAP + 4} ${middle} H${x - 5} M${x - 10} ${middle - 4} L${x - 5} ${middle} L${x - 10} ${middle + 4}" fill="none" stroke="${isReached ? '#868e96' : '#dee2e6'}"/>`;
  const colour = isReached ? '#212529' : '#adb5bd';
  return [
    arrow,
    `<rect x="${x}" y="${y}" width="${CHIP_WIDTH}" height="${CHIP_HEIGHT}" rx="14" fill="${fill}" stroke="${line}"${dash}/>`,
    textAt(
      x + CHIP_WIDTH / 2,
      middle + 4,
      `${stage.replace('-', ' ')}${word}`,
      `text-anchor="middle" font-size="12" fill="${colour}"`,
    ),
  ].join('');
}

const textAt = (x: number, y: number, text: string, look: string): string =>
  `<text x="${x}" y="${y}" ${look}>${escapeMarkup(text)}</text>`;
