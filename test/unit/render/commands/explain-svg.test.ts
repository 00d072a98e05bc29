import { test } from 'tap';
import type { Explanation } from '../../../../src/core/explain/explanation.ts';
import type { Forecast } from '../../../../src/core/explain/simulate-boot.ts';
import type { Finding } from '../../../../src/core/inspect/finding.ts';
import { renderExplanationSvg } from '../../../../src/core/render/commands/explain-svg.ts';

const UP: Forecast = {
  ...{ taken: [], outcome: 'up', rootAfterMs: 0, endAfterMs: 30_000, stopsAtLayer: null },
  ...{ passphrase: 'none', arrays: [], mounts: [] },
};
const identity = { byId: null, model: '<b>&\x1b[31m', serial: 'S"1', sizeBytes: null };
const explanation: Explanation = {
  forecasts: [UP, { ...UP, taken: ['sda'], outcome: 'stops', rootAfterMs: null }],
  disks: new Map([['sda', { device: 'sda', identity, isUsed: true }]]),
  failurePath: { kind: 'shell' },
};

test('each case with its stages; what comes after a stop is pale', async (t) => {
  const svg = renderExplanationSvg(explanation);
  const chips = [...svg.matchAll(/<rect [^>]*rx="14" fill="([^"]*)"[^>]*>/g)].map(([, fill]) => fill);
  const [green, red, white] = ['#d3f9d8', '#ffe3e3', '#ffffff'];
  t.same(chips, [green, green, green, green, green, green, green, green, green, green, red, white]);
  t.match(svg, />arrays: stops</);
  t.match(svg, />With all disks present</);
});

test('why a stage stops, and once what holds in every case', async (t) => {
  const image: Finding = { stage: 'image', grade: 'stop', code: 'no-kernel' };
  const svg = renderExplanationSvg({
    ...explanation,
    forecasts: explanation.forecasts.map((one) => ({ ...one, findings: [image] })),
  });
  t.equal(svg.match(/In every case: /g)?.length, 1);
  const alone = renderExplanationSvg({
    ...explanation,
    forecasts: [{ ...UP, findings: [image] }],
  });
  t.match(alone, /fill="#c92a2a">/);
});

test('texts from disks are no markup, and nothing is asked of anybody outside', async (t) => {
  const svg = renderExplanationSvg(explanation);
  t.match(svg, /&lt;b&gt;&amp;/);
  t.notMatch(svg, /<b>|[\x00-\x09\x0b-\x1f]|href|url\(/);
  const withoutNamespace = svg.replace('http://www.w3.org/2000/svg', '');
  t.notMatch(withoutNamespace, /:\/\//);
});
