import { test } from 'tap';
import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import type { TimelineFact } from '../../src/core/report/timeline.ts';
import { differences } from '../boot/scenario/decisions.ts';

const array = '11111111:22222222:33333333:44444444' as MdUuid;
const runs = { array, device: 'md0', state: 'clean', missingCount: 1 } as const;
const started: TimelineFact = { kind: 'array-started', ...runs, degraded: true };
const finished: TimelineFact = { kind: 'finished', outcome: 'up' };

function boot(facts: readonly TimelineFact[], more: Partial<Parameters<typeof differences>[0]> = {}) {
  const timeline = facts.map((fact, index) => ({ atMs: index * 1000, ...fact }));
  const report = { discoveryAtMs: 0, outcome: 'up', engine: null, arrays: [], timeline } as const;
  const md0 = { kernelName: 'md0', state: 'clean', degraded: 1 };
  return { ending: 'system', prompts: 0, arrays: { md0 }, report, ...more } as const;
}

test('two boots are alike when they decided alike, at whatever times', async (t) => {
  const looked: TimelineFact = { kind: 'member-arrived', array, device: 'sda1' };
  t.same(differences(boot([started, finished]), boot([looked, started, looked, finished])), []);
});

test('any other decision, end or array is a difference', async (t) => {
  const one = boot([started, finished]);
  const others = [
    boot([finished]),
    boot([{ ...started, degraded: false }, finished]),
    boot([finished, started]),
    boot([started, finished], { ending: 'shell' }),
    boot([started, finished], { prompts: 1 }),
    boot([started, finished], { arrays: {} }),
    boot([started, finished], { report: undefined }),
  ];
  for (const [index, other] of others.entries()) t.equal(differences(one, other).length, 1, `${index}`);
});
