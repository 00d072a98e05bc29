// The boot engine needs little memory.
import { reports } from '../scenario/expect.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { mirror } from './mirror.ts';

export const smallMemory: readonly Scenario[] = mirror
  .filter(({ id }) => id === 'B2')
  .map(
    (scenario): Scenario => ({
      ...scenario,
      id: 'B2-256M',
      title: 'a machine with 256 MB of memory, one disk missing',
      memoryMiB: 256,
      expect: [...scenario.expect, reports('finished')],
    }),
  );
