import { controls } from './controls.ts';
import { layered } from './layered.ts';
import { mirrors } from './mirrors.ts';
import { others } from './others.ts';
import { parity } from './parity.ts';
import { returning } from './returning.ts';
import type { SafetyCase } from './safety-case.ts';

export const safetyCases: readonly SafetyCase[] = [
  ...mirrors,
  ...parity,
  ...layered,
  ...others,
  ...returning,
  ...controls,
];
