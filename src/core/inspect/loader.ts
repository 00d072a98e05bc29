import type { Need } from '../topology/need.ts';
import type { Start } from './firmware.ts';
import type { Grade } from './grade.ts';

/** Where a boot loader finds kernels and images. */
export interface LoaderFacts {
  /** Where /boot lies: a mount of its own, or root. */
  readonly place: '/boot' | '/';
  /** Each is enough; null where it could not be followed. */
  readonly ways: readonly Need[] | null;
  /** UUID of the file system with /boot; null where nobody knows it. */
  readonly fsUuid: string | null;
  readonly menuRoot: MenuRoot | null;
}

/** What GRUB's menu has in the place of this system's root: something that is nowhere, or something else. */
export interface MenuRoot {
  readonly kind: 'gone' | 'other';
  /** As it is written there. */
  readonly source: string;
}

export type LoaderFinding = { readonly stage: 'loader'; readonly grade: Grade } & (
  | { readonly code: 'boot-gone'; readonly place: '/boot' | '/' }
  | { readonly code: 'boot-lost'; readonly place: '/boot' | '/' }
  | { readonly code: 'asks-passphrase'; readonly place: '/boot' | '/' }
  | {
      readonly code: 'other-file-system';
      readonly device: string;
      readonly uuid: string;
      readonly wanted: string;
    }
  | { readonly code: 'menu-root-gone' | 'menu-root-other'; readonly source: string }
  /** `hasOther`: there is another ESP that has. */
  | { readonly code: 'no-entries'; readonly device: string; readonly hasOther: boolean }
  | {
      readonly code: 'broken-entry';
      readonly device: string;
      readonly entry: string;
      readonly missing: string;
    }
);

/**
 * Whether what firmware started finds a kernel. GRUB reads a degraded array of any level that has data for every block; `isThere` tells
 * whether an array, or a plain disk, is.
 */
export function judgeLoader(
  { loader, esp, path, hasOther }: Start,
  { place, ways, fsUuid, menuRoot }: LoaderFacts,
  isThere: (need: Need) => boolean,
): readonly LoaderFinding[] {
  const stage = 'loader' as const;
  if (loader === 'systemd-boot' && esp !== null) {
    const { device, entries } = esp;
    if (entries.every(({ missing }) => missing !== null))
      return [
        { stage, grade: entries.length === 0 ? 'unknown' : 'stop', code: 'no-entries', device, hasOther },
      ];
    return entries.flatMap(({ name, missing }): LoaderFinding[] =>
      missing === null ? [] : [{ stage, grade: 'note', code: 'broken-entry', device, entry: name, missing }],
    );
  }
  if (ways === null) return [{ stage, grade: 'unknown', code: 'boot-lost', place }];
  const way = ways.find(isThere);
  if (way === undefined) return [{ stage, grade: 'stop', code: 'boot-gone', place }];
  const findings: LoaderFinding[] = [];
  const searched = esp?.programs?.get(path ?? '')?.searches ?? null;
  if (esp !== null && searched !== null && fsUuid !== null && searched !== fsUuid.toLowerCase())
    findings.push({
      ...{ stage, grade: 'stop', code: 'other-file-system', device: esp.device },
      ...{ uuid: searched, wanted: fsUuid },
    });
  if (menuRoot?.kind === 'gone')
    findings.push({ stage, grade: 'stop', code: 'menu-root-gone', source: menuRoot.source });
  if (menuRoot?.kind === 'other')
    findings.push({ stage, grade: 'unknown', code: 'menu-root-other', source: menuRoot.source });
  if (way.passphrase) findings.push({ stage, grade: 'note', code: 'asks-passphrase', place });
  return findings;
}
