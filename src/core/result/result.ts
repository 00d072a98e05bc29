/** A value, or why there is none: `at` names the place (file:line, field, device), `why` the reason. */
export type Result<T> = { readonly ok: true; readonly value: T } | Failure;

export interface Failure {
  readonly ok: false;
  readonly at: string;
  readonly why: string;
}

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const failure = (at: string, why: string): Failure => ({ ok: false, at, why });
