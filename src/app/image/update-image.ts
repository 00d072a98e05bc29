import {
  decideUpdate,
  type FormerImage,
  formatState,
  formerName,
  type Hindrance,
  isFormerOver,
  isPlainName,
  NOTHING_DONE,
  parseState,
  settled,
  type UpdateFacts,
  type UpdateImages,
  type UpdateState,
} from '../../core/inspect/image-update.ts';
import { type ListChange, listChanges, listText } from '../../core/inspect/list-changes.ts';
import { crc32 } from '../../core/ledger/crc32.ts';
import type { Result } from '../../core/result/result.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { MAX_WATCHLIST_BYTES } from '../../core/watchlist/watchlist-file.ts';
import { hasRecord } from '../ledger/efi-variable.ts';
import type { FactSources } from '../machine.ts';
import {
  imageStatePath,
  keptWatchlistPath,
  ledgerPlaces,
  markNews,
  runPath,
  writeInFolder,
} from '../own-places.ts';
import { findInstalledGenerator } from '../read/installed-generator.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { type BootKernel, readBootKernels } from './boot-kernels.ts';
import { readHindrance } from './build-hindrance.ts';
import { buildImage, copyImage, restoreImage } from './build-image.ts';

export interface UpdateRequest {
  readonly setting: UpdateImages;
  /** The list as it would be made now. */
  readonly watchlist: Result<Watchlist>;
  /** The same once more: a build takes minutes, and the machine goes on meanwhile. */
  readonly lookAgain: () => Promise<Result<Watchlist>>;
  /** Nothing is written and nothing built. */
  readonly dryRun: boolean;
}

export type UpdateFindings =
  | { readonly kind: 'unresolved'; readonly at: string; readonly why: string }
  /** No image has a list, as far as anybody knows here. */
  | { readonly kind: 'no-list' }
  | { readonly kind: 'current' }
  /** `isNews`: not told before. `because`: why it is not built anew; null where it would be. */
  | {
      readonly kind: 'old';
      readonly changes: readonly ListChange[];
      readonly isNews: boolean;
      readonly because: 'never' | 'warn' | 'tried' | Hindrance | null;
    }
  /** `changed`: the machine, while the image was built. */
  | {
      readonly kind: 'later';
      readonly changes: readonly ListChange[];
      readonly because: Hindrance | 'changed';
    }
  | {
      readonly kind: 'built';
      readonly changes: readonly ListChange[];
      readonly kernel: string;
      readonly former: string;
    }
  | { readonly kind: 'failed'; readonly changes: readonly ListChange[]; readonly why: string };

/**
 * Compares the list that an image made now would have with that of the last image, and does what `update_images` says about a
 * difference: the image of the kernel that boots by default is built anew, and the former one is kept until a boot has come from
 * the new one.
 */
export async function updateImage(machine: FactSources, request: UpdateRequest): Promise<UpdateFindings> {
  const before = await readState(machine);
  const findings = await look(machine, request, before);
  // Who tells people looks for itself: what it is told begins or ends here.
  if ((await readState(machine)).told !== before.told) await markNews(machine);
  return findings;
}

async function look(
  machine: FactSources,
  { setting, watchlist, lookAgain, dryRun }: UpdateRequest,
  before: UpdateState,
): Promise<UpdateFindings> {
  const kernels = await readBootKernels(machine.files, '');
  const cleared = dryRun ? before : await withoutFormer(machine, before);
  if (!watchlist.ok) {
    await writeState(machine, before, cleared);
    return { kind: 'unresolved', at: watchlist.at, why: watchlist.why };
  }
  const { changes, mark } = await compare(machine, watchlist.value);
  const isCurrent = changes === null ? null : changes.length === 0;
  // By hand everything is said again.
  const state = { ...settled(cleared, isCurrent), ...(dryRun ? { told: null } : {}) };
  const facts: UpdateFacts = { setting, mark, isCurrent, state, hindrance: null };
  const kernel = kernels.find(({ isDefault }) => isDefault);
  const first = decideUpdate(facts);
  const hindrance = first.act === 'build' ? await whatHinders(machine, kernel, state) : null;
  const decision = hindrance === null ? first : decideUpdate({ ...facts, hindrance });
  if (changes === null || changes.length === 0) {
    if (!dryRun) await writeState(machine, before, state);
    return { kind: changes === null ? 'no-list' : 'current' };
  }
  switch (decision.act) {
    case 'nothing':
    case 'tell': {
      const isNews = decision.act === 'tell';
      if (!dryRun) await writeState(machine, before, isNews ? { ...state, told: decision.told } : state);
      const because = isNews ? decision.because : setting === 'auto' ? 'tried' : setting;
      return { kind: 'old', changes, isNews, because };
    }
    case 'later':
      if (!dryRun) await writeState(machine, before, state);
      return { kind: 'later', changes, because: decision.because };
    case 'build':
      if (dryRun || kernel?.image == null) return { kind: 'old', changes, isNews: true, because: null };
      return build(machine, { ...kernel, image: kernel.image }, state, lookAgain, changes, mark);
  }
}

async function compare(
  machine: FactSources,
  now: Watchlist,
): Promise<{ readonly changes: readonly ListChange[] | null; readonly mark: string }> {
  const isRecorded = await hasRecord(machine);
  const kept = await loadWatchlist(machine.files, keptWatchlistPath(ledgerPlaces(machine.paths)));
  const changes = kept.ok ? listChanges(kept.value, now, isRecorded) : null;
  return { changes, mark: markOf(listText(now, isRecorded)) };
}

async function whatHinders(
  machine: FactSources,
  kernel: BootKernel | undefined,
  { former }: UpdateState,
): Promise<Hindrance | null> {
  if (kernel?.image == null || !isPlainName(kernel.image) || !isPlainName(kernel.version)) return 'no-image';
  if ((await findInstalledGenerator(machine.files)) === null) return 'no-generator';
  return readHindrance(machine, kernel.image, former?.image === kernel.image);
}

async function build(
  machine: FactSources,
  { version, image }: BootKernel & { readonly image: string },
  state: UpdateState,
  lookAgain: UpdateRequest['lookAgain'],
  changes: readonly ListChange[],
  mark: string,
): Promise<UpdateFindings> {
  const failed = (why: string): UpdateFindings => ({ kind: 'failed', changes, why });
  // Of two changes without a boot between them, the image before the first is the last that is known to boot.
  const isKept = state.former?.image === image && (await machine.files.exists(`/boot/${formerName(image)}`));
  const { files, paths } = machine;
  const kept = await files.readText(keptWatchlistPath(ledgerPlaces(paths)), MAX_WATCHLIST_BYTES);
  const former: FormerImage | null = isKept
    ? state.former
    : { image, kernel: version, bootId: await bootIdOf(machine), list: markOf(kept ?? '') };
  const uncopied = isKept ? null : await copyImage(machine, image, formerName(image));
  // Written before: whatever ends this, the same is not tried again.
  const tried = { ...state, tried: mark, told: `tried ${mark}`, former: uncopied === null ? former : null };
  const unwritten = await writeState(machine, null, tried);
  if (uncopied !== null) return failed(uncopied);
  if (unwritten !== null) return failed(unwritten);
  const generator = await findInstalledGenerator(machine.files);
  const broken =
    generator === null ? 'no generator is known' : await buildImage(machine, generator, version, image);
  if (broken !== null) {
    const lost = await takeBack(machine, image, isKept ? null : { ...tried, former: null }, kept);
    return failed(lost === null ? broken : `${broken}; and the former image is not in its place: ${lost}`);
  }
  const now = await lookAgain();
  if (!now.ok) return failed(`the image was built, and ${now.at}: ${now.why}`);
  const left = await compare(machine, now.value);
  if (left.mark !== mark && left.changes !== null && left.changes.length > 0)
    return { kind: 'later', changes: left.changes, because: 'changed' };
  if ((left.changes ?? changes).length > 0)
    return failed('the image was built, and has another list all the same');
  return { kind: 'built', changes, kernel: version, former: `/boot/${formerName(image)}` };
}

/** The image and the copy of its list, which the hook has replaced; a copy of the image that nobody needs then goes. */
async function takeBack(
  machine: FactSources,
  image: string,
  state: UpdateState | null,
  kept: string | null,
): Promise<string | null> {
  const lost = await restoreImage(machine, image);
  if (lost !== null) return lost;
  if (kept !== null) await writeInFolder(machine.files, keptWatchlistPath(ledgerPlaces(machine.paths)), kept);
  if (state === null) return null;
  await machine.files.remove(`/boot/${formerName(image)}`).catch(() => undefined);
  await writeState(machine, null, state);
  return null;
}

/** The former image, once it is no longer needed; also one whose kernel is gone. */
async function withoutFormer(machine: FactSources, state: UpdateState): Promise<UpdateState> {
  const { files, paths } = machine;
  if (state.former === null) return state;
  const booted = await files.readText(runPath(paths, 'booted.json'), MAX_WATCHLIST_BYTES);
  const isOver = isFormerOver(state.former, {
    bootId: await bootIdOf(machine),
    kernel: ((await files.readText(`${paths.proc}/sys/kernel/osrelease`)) ?? '').trim(),
    list: booted === null ? null : markOf(booted),
    files: await files.list('/boot'),
  });
  if (!isOver) return state;
  await files.remove(`/boot/${formerName(state.former.image)}`).catch(() => undefined);
  return { ...state, former: null };
}

const bootIdOf = async ({ files, paths }: Pick<FactSources, 'files' | 'paths'>): Promise<string> =>
  ((await files.readText(`${paths.proc}/sys/kernel/random/boot_id`)) ?? '').trim();

const markOf = (text: string): string => crc32(text).toString(16).padStart(8, '0');

const statePath = ({ paths }: Pick<FactSources, 'paths'>): string => imageStatePath(ledgerPlaces(paths));

/** A damaged one is none: what it forbade is told once more. */
async function readState(machine: FactSources): Promise<UpdateState> {
  const path = statePath(machine);
  const parsed = parseState((await machine.files.readText(path)) ?? '', path);
  return parsed.ok ? parsed.value : NOTHING_DONE;
}

async function writeState(
  machine: FactSources,
  before: UpdateState | null,
  state: UpdateState,
): Promise<string | null> {
  if (before !== null && formatState(before) === formatState(state)) return null;
  const why = await writeInFolder(machine.files, statePath(machine), formatState(state));
  return why === null ? null : `${statePath(machine)}: could not be written: ${why}`;
}
