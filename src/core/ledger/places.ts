import type { MdUuid } from '../md/md-uuid.ts';
import type { Ledger } from './ledger.ts';

/** What one place knows. `none`: this machine has no such place. */
export type PlaceState =
  | { readonly kind: 'read'; readonly ledger: Ledger }
  | { readonly kind: 'empty' }
  | { readonly kind: 'damaged'; readonly why: string }
  /** It is there, and may not be read. */
  | { readonly kind: 'denied'; readonly why: string }
  | { readonly kind: 'none'; readonly why: string };

/** A place and what it knows. */
export interface KnownPlace {
  readonly name: string;
  readonly state: PlaceState;
}

export const ledgerOf = ({ state }: KnownPlace): Ledger | null =>
  state.kind === 'read' ? state.ledger : null;

/** What became of one place. `kept`: it is already up to date. */
export interface RecordedPlace {
  readonly name: string;
  readonly done: 'written' | 'kept' | 'failed' | 'none';
  readonly why: string | null;
  /** Arrays for which there was no room. */
  readonly leftOut: readonly MdUuid[];
}
