/*
 * What plymouthd hears and says on its socket (plymouth, ply-boot-protocol.h and ply-boot-server.c, as read in 24.004). A
 * request is a letter, and 0; or a letter, 2, the size of its argument with the NUL that ends it as one byte, and the argument.
 */

/** The abstract address at which plymouthd listens. */
export const PLYMOUTH_ADDRESS = '/org/freedesktop/plymouthd';

export const REQUEST = {
  ping: 'P',
  showMessage: 'M',
  hideMessage: 'm',
  watchKeys: 'K',
  ignoreKeys: 'L',
  hideSplash: 'H',
  showSplash: '$',
  deactivate: 'D',
  reactivate: 'r',
} as const;

export type PlymouthRequest = (typeof REQUEST)[keyof typeof REQUEST];

/** More would have a size that is two bytes in UTF-8, as text is written here. */
export const MAX_ARGUMENT = 126;

/** A request as text; its argument is ASCII, and is cut at `MAX_ARGUMENT`. */
export const requestText = (request: PlymouthRequest, argument?: string): string => {
  if (argument === undefined) return `${request}\0`;
  const said = argument.slice(0, MAX_ARGUMENT);
  return `${request}\x02${String.fromCharCode(said.length + 1)}${said}\0`;
};

const ANSWER = 2;
const NO_ANSWER = 5;
const ACKNOWLEDGED = 6;

/** `done`: carried out. `answer`: what was typed. `none`: the watch was taken back. `refused`: all else. */
export type PlymouthReply =
  | { readonly kind: 'done' | 'none' | 'refused' }
  | { readonly kind: 'answer'; readonly bytes: Uint8Array };

/** The first reply in what was received, and the rest; null while it is not all there. */
export function takeReply(
  received: Uint8Array,
): { readonly reply: PlymouthReply; readonly rest: Uint8Array } | null {
  const [kind, ...size] = received.subarray(0, 5);
  if (kind === undefined) return null;
  if (kind !== ANSWER) {
    const said = kind === ACKNOWLEDGED ? 'done' : kind === NO_ANSWER ? 'none' : 'refused';
    return { reply: { kind: said }, rest: received.subarray(1) };
  }
  const [a, b, c, d] = size;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return null;
  const end = 5 + a + b * 0x100 + c * 0x10000 + d * 0x1000000;
  if (received.length < end) return null;
  return { reply: { kind: 'answer', bytes: received.slice(5, end) }, rest: received.subarray(end) };
}
