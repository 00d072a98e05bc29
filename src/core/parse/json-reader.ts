import { type Failure, failure, ok, type Result } from '../result/result.ts';

/** What is wrong in untrusted JSON, and where (`arrays[3].uuid`). Never leaves this module's `readShape`. */
class ShapeError extends Error {
  readonly at: string;
  constructor(at: string, why: string) {
    super(why);
    this.at = at;
  }
}

/** One value of untrusted JSON, with its place; every method refuses what it does not expect. */
export class Shape {
  readonly #value: unknown;
  readonly at: string;

  constructor(value: unknown, at: string) {
    this.#value = value;
    this.at = at;
  }

  refuse(why: string): never {
    throw new ShapeError(this.at, why);
  }

  /** A field of an object; a missing one is refused when it is read. */
  field(name: string): Shape {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.refuse('must be an object');
    const own = Object.hasOwn(value as object, name) ? (value as Record<string, unknown>)[name] : undefined;
    return new Shape(own, this.at === '' ? name : `${this.at}.${name}`);
  }

  list<T>(maxLength: number, read: (item: Shape) => T): T[] {
    const value = this.#value;
    if (!Array.isArray(value)) this.refuse('must be a list');
    if (value.length > maxLength)
      this.refuse(`has ${value.length} entries, at most ${maxLength} are allowed`);
    return value.map((item, index) => read(new Shape(item, `${this.at}[${index}]`)));
  }

  text(maxLength: number, pattern?: RegExp): string {
    const value = this.#value;
    if (typeof value !== 'string') this.refuse('must be a string');
    if (value.length > maxLength) this.refuse(`is longer than ${maxLength} characters`);
    if (pattern !== undefined && !pattern.test(value))
      this.refuse('has characters that are not allowed there');
    return value;
  }

  oneOf<const T extends string>(words: readonly T[]): T {
    const found = words.find((word) => word === this.#value);
    return found ?? this.refuse(`must be one of ${words.join(', ')}`);
  }

  integer(min: number, max: number): number {
    const value = this.#value;
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) this.refuse('must be a whole number');
    if (value < min || value > max) this.refuse(`must be from ${min} to ${max}`);
    return value;
  }

  /** Any number that JSON can say, whole or not. */
  number(): number {
    const value = this.#value;
    return typeof value === 'number' && Number.isFinite(value) ? value : this.refuse('must be a number');
  }

  boolean(): boolean {
    const value = this.#value;
    return typeof value === 'boolean' ? value : this.refuse('must be true or false');
  }

  orNull<T>(read: (shape: Shape) => T): T | null {
    return this.#value === null ? null : read(this);
  }

  /** The value as it is, where a caller must look before it decides. */
  raw(): unknown {
    return this.#value;
  }

  value<T>(result: Result<T>): T {
    return result.ok ? result.value : this.refuse(result.why);
  }
}

/** Parses JSON text and reads it with `read`; anything unexpected is a failure, never an exception. */
export function readShape<T>(text: string, at: string, read: (shape: Shape) => T): Result<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return failure(at, `is not whole JSON (${text.length} characters): truncated or damaged`);
  }
  try {
    return ok(read(new Shape(json, '')));
  } catch (error) {
    return refused(error, at);
  }
}

function refused(error: unknown, at: string): Failure {
  if (error instanceof ShapeError) return failure(error.at === '' ? at : `${at}: ${error.at}`, error.message);
  return failure(at, 'cannot be read: nested too deeply or too large');
}
