import { nextBootFault } from '../../core/render/notices/next-boot-fault.ts';
import { isImageInWork } from '../image/build-hindrance.ts';
import { explainList } from '../inspect/explain.ts';
import type { FactSources } from '../machine.ts';
import { markNews } from '../own-places.ts';
import type { Resolution } from '../watchlist/resolve.ts';

/** The list of an image made now, and what it was made of. */
export type ListOfNow = Pick<Resolution, 'watchlist' | 'block' | 'needsUnlisted' | 'warnings'>;

/** Where the next boot ends, or null where it comes up; `unknown` where nothing can be said of it now. */
export type NextBootRisk =
  | { readonly kind: 'known'; readonly fault: string | null }
  | { readonly kind: 'unknown' };

/**
 * What `verify` says of the next boot, in half a sentence. While packages or an image are being worked on, everything is half done: nothing
 * is said.
 */
export async function readNextBootRisk(machine: FactSources, listNow: ListOfNow): Promise<NextBootRisk> {
  if (await isImageInWork(machine)) return { kind: 'unknown' };
  const { result } = await explainList(machine, { without: [], each: false }, listNow);
  return result.kind === 'explained'
    ? { kind: 'known', fault: nextBootFault(result.explanation) }
    : { kind: 'unknown' };
}

/** Whoever tells people looks for itself; where the next boot is at risk, it is due. */
export async function markNextBootRisk(machine: FactSources, listNow: ListOfNow): Promise<void> {
  const risk = await readNextBootRisk(machine, listNow);
  if (risk.kind === 'known' && risk.fault !== null) await markNews(machine);
}
