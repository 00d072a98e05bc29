import type { Finding } from '../../inspect/finding.ts';
import { findingText } from './finding-text.ts';

/** One finding for programs: its facts, and the same words as for a person. */
export function findingJson(finding: Finding): unknown {
  const { stage, grade, code } = finding;
  return { stage, grade, code, ...findingText(finding), ...factsOf(finding) };
}

function factsOf(finding: Finding): object {
  if ('array' in finding) {
    const { uuid, name, devicePath } = finding.array;
    return { array: { uuid, name, devicePath }, missingRoles: finding.missingRoles };
  }
  const { kind, name, source, at, weight, waitMs } = finding.demand;
  return { kind, name, source, at, weight, waitMs, inside: finding.inside };
}
