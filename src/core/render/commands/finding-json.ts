import type { Finding } from '../../inspect/finding.ts';
import { findingText } from './finding-text.ts';

/** One finding for programs: its facts, and the same words as for a person. */
export function findingJson(finding: Finding): unknown {
  if (finding.stage === 'kernel' || finding.stage === 'arrays') {
    const { array, ...facts } = finding;
    return { ...facts, ...findingText(finding), array: { uuid: array.uuid, name: array.name } };
  }
  if (finding.stage === 'image' && 'generator' in finding)
    return { ...finding, generator: finding.generator.name, ...findingText(finding) };
  if (finding.stage !== 'after-root') return { ...finding, ...findingText(finding) };
  const { stage, grade, code } = finding;
  const about = { stage, grade, code, ...findingText(finding) };
  if ('array' in finding) {
    const { uuid, name, devicePath } = finding.array;
    return { ...about, array: { uuid, name, devicePath }, missingRoles: finding.missingRoles };
  }
  const { kind, name, source, at, weight, waitMs } = finding.demand;
  return { ...about, kind, name, source, at, weight, waitMs, inside: finding.inside };
}
