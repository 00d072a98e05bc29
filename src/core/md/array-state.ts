/** md's array_state (Documentation/admin-guide/md.rst), or `unknown` for a word not in that list. */
export type ArrayState =
  | 'clear'
  | 'inactive'
  | 'suspended'
  | 'readonly'
  | 'read-auto'
  | 'clean'
  | 'active'
  | 'write-pending'
  | 'active-idle'
  | 'broken'
  | 'unknown';

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

/**
 * The word of `md/array_state`. The kernel makes that file's text anew for each read(2) (md.c: __ATTR_PREALLOC), so that one
 * which turns from `active` to `active-idle` in between reads as two lines, `active` and `idle`: the first is the answer.
 */
export function parseArrayState(text: string): ArrayState {
  const word = text.split('\n', 1)[0]?.trim() ?? '';
  return STATES.has(word) ? (word as ArrayState) : 'unknown';
}

/** `md/metadata_version` of a container (`external:imsm`) or of a volume in one (`external:/md127/0`). */
export const isExternalMetadata = (metadataVersion: string): boolean =>
  metadataVersion.startsWith('external:');
