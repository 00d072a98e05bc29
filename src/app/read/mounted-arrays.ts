import { type ArrayPolicies, asksWhatIsMounted } from '../../core/configuration/array-policies.ts';
import { parseMountedArrays } from '../../core/configuration/mounted-arrays.ts';
import type { Machine } from '../machine.ts';
import { mountedPath } from '../own-places.ts';

/** With what is known to be mounted, read only where it makes a difference. Before the first look nobody knows. */
export async function withMounted(
  { files, paths }: Pick<Machine, 'files' | 'paths'>,
  policies: ArrayPolicies,
): Promise<ArrayPolicies> {
  if (!asksWhatIsMounted(policies)) return policies;
  const text = await files.readText(mountedPath(paths));
  return text === null ? policies : { ...policies, mounted: new Set(parseMountedArrays(text).arrays) };
}
