import type { Generator } from '../image/generator.ts';
import type { Grade } from './grade.ts';
import type { InstalledKernel } from './installed-kernel.ts';
import { isGraveChange, type ListChange } from './list-changes.ts';

/** A kernel with what its boot image holds. */
export interface KernelImage extends InstalledKernel {
  /** Name of the image's file; null where the kernel has none. */
  readonly image: string | null;
  /** Paths in it; null where they cannot be listed. */
  readonly paths: ReadonlySet<string> | null;
  /** Names of the modules that are part of the kernel itself. */
  readonly builtIn: ReadonlySet<string>;
  /** Who made the image, or would make it. */
  readonly generator: Generator;
}

export interface ImageFacts {
  readonly kernels: readonly KernelImage[];
  /** Who made the image that boots. */
  readonly generator: Generator;
  /** What the list that the last image got has otherwise than one made now; null where no copy of it was kept. */
  readonly changes: readonly ListChange[] | null;
  /** Modules without which root's arrays do not start. */
  readonly modules: readonly string[];
}

export type ImageFinding = { readonly stage: 'image'; readonly grade: Grade } & (
  | { readonly code: 'no-kernel' }
  | {
      readonly code: 'old-list' | 'old-members';
      readonly changes: readonly ListChange[];
      readonly generator: Generator;
    }
  | {
      readonly code: 'no-image' | 'unread' | 'no-engine' | 'no-mdadm';
      readonly kernel: string;
      readonly isDefault: boolean;
      readonly generator: Generator;
    }
  | {
      readonly code: 'no-module';
      readonly kernel: string;
      readonly isDefault: boolean;
      readonly generator: Generator;
      readonly modules: readonly string[];
    }
);

const ENGINE = /^(?:usr\/)?bin\/reliable-raid$/;
const LIST = /^etc\/reliable-raid\/watchlist\.json$/;
const MDADM = /^(?:usr\/)?sbin\/mdadm$/;

/** Whether the images hold what root's arrays need. Without our engine in it, what an image does is not known here. */
export function judgeImages({ kernels, changes, modules, generator }: ImageFacts): readonly ImageFinding[] {
  const stage = 'image' as const;
  if (kernels.length === 0) return [{ stage, grade: 'unknown', code: 'no-kernel' }];
  const ofKernels = kernels.flatMap((one) => judgeImage(one, modules));
  const isWatched = kernels.some(({ paths, isDefault }) => isDefault && paths !== null && holds(paths, LIST));
  if (changes === null || changes.length === 0 || !isWatched) return ofKernels;
  const isGrave = changes.some(isGraveChange);
  return [
    ...ofKernels,
    isGrave
      ? { stage, grade: 'unknown', code: 'old-list', changes, generator }
      : { stage, grade: 'note', code: 'old-members', changes, generator },
  ];
}

function judgeImage(
  { version, isDefault, image, paths, builtIn, generator }: KernelImage,
  modules: readonly string[],
): readonly ImageFinding[] {
  // What only boots when a person chooses it ends no boot.
  const at = (grade: Grade) =>
    ({ stage: 'image', grade: isDefault ? grade : 'note', kernel: version, isDefault, generator }) as const;
  if (image === null) return [{ ...at('stop'), code: 'no-image' }];
  if (paths === null) return [{ ...at('unknown'), code: 'unread' }];
  if (!holds(paths, ENGINE) || !holds(paths, LIST)) return [{ ...at('unknown'), code: 'no-engine' }];
  if (!holds(paths, MDADM)) return [{ ...at('stop'), code: 'no-mdadm' }];
  const present = new Set([...builtIn, ...[...paths].flatMap((path) => moduleName(path) ?? [])]);
  const missing = modules.filter((name) => !present.has(name));
  return missing.length === 0 ? [] : [{ ...at('stop'), code: 'no-module', modules: missing }];
}

const holds = (paths: ReadonlySet<string>, pattern: RegExp): boolean =>
  [...paths].some((path) => pattern.test(path));

/** Of a module's file: a hyphen and an underscore are one to the kernel. */
export function moduleName(path: string): string | null {
  const [, name] = /\/([^/]+)\.ko(?:\.(?:xz|zst|gz))?$/.exec(path) ?? [];
  return name?.replaceAll('-', '_') ?? null;
}

/** The modules that arrays of these levels need (md's own Makefile). */
export function modulesOfLevels(levels: readonly number[]): readonly string[] {
  const names = levels.flatMap((level) => {
    if (level === 0 || level === 1 || level === 10) return [`raid${level}`];
    if (level === -1) return ['linear'];
    return level >= 4 && level <= 6 ? ['raid456'] : [];
  });
  return names.length === 0 ? [] : [...new Set(['md_mod', ...names])];
}
