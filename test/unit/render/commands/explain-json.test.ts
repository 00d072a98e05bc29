import { test } from 'tap';
import type { Explanation } from '../../../../src/core/explain/explanation.ts';
import { renderExplanationJson } from '../../../../src/core/render/commands/explain-json.ts';
import { reasonWords } from '../../../../src/core/render/console/reason.ts';
import type { Verdict } from '../../../../src/core/verdict/verdict.ts';
import { watched } from '../../../support/present-members.ts';

test('for programs: each case with its arrays, and why one is unsafe', async (t) => {
  const reason = { code: 'unknown-level', level: 7 } as const;
  const array = (verdict: Verdict) => ({
    array: watched(),
    ...({
      state: 'not-started',
      startedAfterMs: null,
      missingRoles: [1],
      slotCount: 2,
      policy: 'start',
    } as const),
    ...{ failure: null, stopsTheBoot: true, canBeAnswered: true },
    verdict,
  });
  const explanation: Explanation = {
    forecasts: [
      {
        ...({ taken: ['sda'], outcome: 'asks', rootAfterMs: null, endAfterMs: 30_000 } as const),
        ...({ stopsAtLayer: 0, passphrase: 'none', mounts: [{ name: '/', isThere: false }] } as const),
        arrays: [array({ kind: 'unsafe', reason, missingRoles: [1] }), array({ kind: 'absent' })],
      },
    ],
    disks: new Map([
      [
        'sda',
        {
          device: 'sda',
          identity: { byId: null, model: 'WDC\x9b', serial: 'S1', sizeBytes: 1 },
          isUsed: true,
        },
      ],
    ]),
    failurePath: { kind: 'shell' },
  };
  const report = JSON.parse(renderExplanationJson(explanation));
  t.match(report, {
    schema: 'reliable-raid/explain/1',
    comesUp: false,
    cases: [
      {
        without: [{ device: 'sda', model: 'WDC\x9b', serial: 'S1' }],
        outcome: 'asks',
        arrays: [
          {
            verdict: 'unsafe',
            unsafe: { code: 'unknown-level', text: reasonWords(reason) },
            missingRoles: [1],
          },
          { verdict: 'absent', unsafe: null },
        ],
        text: /^[ -~]+$/,
      },
    ],
  });
});
