// The engine that images had before the small one stays a fallback that works, and the small one needs little memory.
import { imageHolds, reports } from '../scenario/expect.ts';
import type { Expectation, Scenario } from '../scenario/scenario.ts';
import { encrypted } from './encrypted.ts';
import { mirror } from './mirror.ts';
import { engineGoesFirst, rescueShell } from './rescue-shell.ts';

/** Only the Node engine brings the C++ library. */
const nodeInImage: Expectation = imageHolds(/libstdc\+\+\.so/);

const withNode = [...mirror, ...encrypted, ...rescueShell]
  .filter(({ id }) => ['B2', 'B4', 'B6'].includes(id))
  .map(
    (scenario): Scenario => ({
      ...scenario,
      id: `${scenario.id}-node`,
      title: `the Node engine: ${scenario.title}`,
      configuration: 'image_engine = "node"',
      expect: [...scenario.expect.filter((each) => each !== engineGoesFirst), nodeInImage],
    }),
  );

export const engines: readonly Scenario[] = [
  ...withNode,
  ...mirror
    .filter(({ id }) => id === 'B2')
    .map(
      (scenario): Scenario => ({
        ...scenario,
        id: 'B2-256M',
        title: 'a machine with 256 MB of memory, one disk missing',
        memoryMiB: 256,
        expect: [...scenario.expect, reports('finished')],
      }),
    ),
];
