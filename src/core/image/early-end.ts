import type { CrypttabEntry } from '../parse/crypttab.ts';
import type { KernelParameter } from '../parse/kernel-cmdline.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import type { WatchedArray, Watchlist } from '../watchlist/watchlist.ts';

/** A setting that ends a boot after some time without root. */
export interface EarlyEnd {
  /** The setting and where it is. */
  readonly what: string;
  readonly afterMs: number;
}

export interface EarlyEndSources {
  /** Of the running system. */
  readonly cmdline: readonly KernelParameter[];
  /** The mappings that the image opens. */
  readonly crypttab: readonly CrypttabEntry[];
  readonly crypttabAt: string;
  /** Settings of systemd for devices in the image. */
  readonly dropIns: readonly { readonly path: string; readonly text: string }[];
}

/** When the last wait for an array of the list is over: a layer waits only once the one below it is up. `waitMs` counts for all. */
export function lastWaitEndMs(arrays: readonly WatchedArray[], waitMs: number | null): number {
  const ofLayers = new Map<number, number>();
  for (const array of arrays)
    ofLayers.set(array.layer, Math.max(ofLayers.get(array.layer) ?? 0, waitMs ?? array.waitMs));
  return [...ofLayers.values()].reduce((sum, ms) => sum + ms, 0);
}

/** What is to be said when an image is built: each is one line, safe for a console. */
export function warningsOfEarlyEnds(
  ends: readonly EarlyEnd[],
  { arrays }: Pick<Watchlist, 'arrays'>,
  waitMs: number | null,
): readonly string[] {
  const lastMs = lastWaitEndMs(arrays, waitMs);
  return ends
    .filter(({ afterMs }) => afterMs <= lastMs)
    .map(
      ({ what, afterMs }) =>
        `${escapeForConsole(what, 160)} ends the boot after ${Math.round(afterMs / 1000)} s, but arrays may be waited for until ${Math.round(lastMs / 1000)} s: take it away, or make it longer`,
    );
}
