import type { Scenario } from '../scenario/scenario.ts';
import { arraysAfterBoot } from './arrays-after-boot.ts';
import { besideStock } from './beside-stock.ts';
import { encrypted } from './encrypted.ts';
import { fallback } from './fallback.ts';
import { imageUpdates } from './image-updates.ts';
import { images } from './images.ts';
import { ledger } from './ledger.ts';
import { levels } from './levels.ts';
import { mirror } from './mirror.ts';
import { notices } from './notices.ts';
import { otherArrays } from './other-arrays.ts';
import { rescueShell } from './rescue-shell.ts';
import { smallMemory } from './small-memory.ts';
import { splash } from './splash.ts';
import { split } from './split.ts';
import { toldLimits } from './told-limits.ts';
import { toldPeople } from './told-people.ts';

export const scenarios: readonly Scenario[] = [
  ...mirror,
  ...encrypted,
  ...rescueShell,
  ...split,
  ...splash,
  ...otherArrays,
  ...arraysAfterBoot,
  ...levels,
  ...fallback,
  ...images,
  ...imageUpdates,
  ...smallMemory,
  ...ledger,
  ...notices,
  ...toldLimits,
  ...toldPeople,
  ...besideStock,
];
