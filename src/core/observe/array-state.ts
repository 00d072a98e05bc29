import type { ArrayState } from './snapshot.ts';

const STATES: ReadonlySet<string> = new Set<ArrayState>([
  'clear',
  'inactive',
  'suspended',
  'readonly',
  'read-auto',
  'clean',
  'active',
  'write-pending',
  'active-idle',
  'broken',
]);

/** The word of `md/array_state`. */
export function parseArrayState(text: string): ArrayState {
  const word = text.trim();
  return STATES.has(word) ? (word as ArrayState) : 'unknown';
}

/** `md/metadata_version` of a container (`external:imsm`) or of a volume in one (`external:/md127/0`). */
export const isExternal = (metadataVersion: string): boolean => metadataVersion.startsWith('external:');
