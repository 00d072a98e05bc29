import { readShape, type Shape } from '../parse/json-reader.ts';
import type { Result } from '../result/result.ts';

/** `update_images` of the configuration. */
export type UpdateImages = 'warn' | 'auto' | 'never';

/** The image that was in place before the last one that was built by itself; kept until a boot shows that it is not needed. */
export interface FormerImage {
  /** Of the file in /boot that it was. */
  readonly image: string;
  readonly kernel: string;
  /** Of the boot in which it was replaced. */
  readonly bootId: string;
  /** Mark of the list that it has. */
  readonly list: string;
}

/** What outlasts a boot. Changes are known by their marks. */
export interface UpdateState {
  /** What was last told, which is told once. */
  readonly told: string | null;
  /** The change for which an image was last built, or tried to be. */
  readonly tried: string | null;
  readonly former: FormerImage | null;
}

export const NOTHING_DONE: UpdateState = { told: null, tried: null, former: null };

const STATE_SCHEMA = 'reliable-raid/images/1';

export interface UpdateFacts {
  readonly setting: UpdateImages;
  /** Mark of what would be in an image made now. */
  readonly mark: string;
  /** The image's list is that one; null where nobody kept a copy of it, as on a machine without our image. */
  readonly isCurrent: boolean | null;
  readonly state: UpdateState;
  /** Read only where the image would be built. */
  readonly hindrance: Hindrance | null;
}

/**
 * Why no image is built now. `package-manager`, `generator`: another program may be building one, and ends by itself. `no-room`:
 * in /boot. `no-generator`, `no-image`: nobody knows what to run, or for which kernel.
 */
export type Hindrance = 'package-manager' | 'generator' | 'no-room' | 'no-generator' | 'no-image';

export type UpdateDecision =
  | { readonly act: 'nothing' }
  /** Once for each change and reason; `because`: why it is not built. */
  | { readonly act: 'tell'; readonly because: 'warn' | 'tried' | Hindrance; readonly told: string }
  /** What hinders ends by itself: asked again in a minute. */
  | { readonly act: 'later'; readonly because: Hindrance }
  | { readonly act: 'build' };

/**
 * What is done about an image that is older than the machine. At most one is built for each change: one that did not take is told
 * about, and left to a person.
 */
export function decideUpdate({ setting, mark, isCurrent, state, hindrance }: UpdateFacts): UpdateDecision {
  if (isCurrent !== false || setting === 'never') return { act: 'nothing' };
  if (setting === 'warn') return tellOnce('warn', mark, state);
  if (state.tried === mark) return tellOnce('tried', mark, state);
  if (hindrance === null) return { act: 'build' };
  return hindrance === 'package-manager' || hindrance === 'generator'
    ? { act: 'later', because: hindrance }
    : tellOnce(hindrance, mark, state);
}

function tellOnce(
  because: 'warn' | 'tried' | Hindrance,
  mark: string,
  { told }: UpdateState,
): UpdateDecision {
  const text = `${because} ${mark}`;
  return told === text ? { act: 'nothing' } : { act: 'tell', because, told: text };
}

/** Once the image is right again, whatever was told or tried is over: the same change, made anew, is another one. */
export const settled = (state: UpdateState, isCurrent: boolean | null): UpdateState =>
  isCurrent === true ? { ...state, told: null, tried: null } : state;

export interface BootFacts {
  readonly bootId: string;
  readonly kernel: string;
  /** Mark of the list of the image that this boot came from; null where it has left none. */
  readonly list: string | null;
  /** Names in /boot. */
  readonly files: readonly string[];
}

/**
 * Whether the former image may go: another boot has come from a newer image of the same kernel, or its kernel is gone. A boot that
 * says nothing of its list may have come from anywhere, the former image included.
 */
export function isFormerOver(former: FormerImage, { bootId, kernel, list, files }: BootFacts): boolean {
  if (!files.includes(former.image)) return true;
  return bootId !== former.bootId && kernel === former.kernel && list !== null && list !== former.list;
}

/** Where a copy of it and the new one fit, with room to spare for what else grows there. */
export const hasRoom = (imageBytes: number, isCopied: boolean, freeBytes: number): boolean =>
  freeBytes >= (isCopied ? 1 : 2) * imageBytes + SPARE_BYTES;

/** An image with more in it than the last, and the loader's own files. */
const SPARE_BYTES = 16 * 1024 * 1024;

export const formerName = (image: string): string => `${image}.former`;

export const formatState = (state: UpdateState): string =>
  `${JSON.stringify({ schema: STATE_SCHEMA, ...state }, null, 1)}\n`;

const MAX_TEXT = 300;
/** A name in /boot, and what a command gets as its argument. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._+~-]*$/;

export const parseState = (text: string, at: string): Result<UpdateState> =>
  readShape(text, at, (top) => {
    top.field('schema').oneOf([STATE_SCHEMA]);
    return {
      told: top.field('told').orNull((shape) => shape.text(MAX_TEXT)),
      tried: top.field('tried').orNull((shape) => shape.text(MAX_TEXT)),
      former: top.field('former').orNull(readFormer),
    };
  });

const readFormer = (shape: Shape): FormerImage => ({
  image: shape.field('image').text(MAX_TEXT, NAME),
  kernel: shape.field('kernel').text(MAX_TEXT, NAME),
  bootId: shape.field('bootId').text(MAX_TEXT),
  list: shape.field('list').text(MAX_TEXT),
});

export const isPlainName = (name: string): boolean => NAME.test(name);
