/** Something that the programs are made of, as a bill of materials names it. */
export interface Part {
  /** By which others name it. */
  readonly ref: string;
  readonly name: string;
  readonly version: string;
  /** Runs the program, or is a piece of it. */
  readonly type: 'platform' | 'library';
  readonly purl: string;
  /** The name under which faults of it are made known, where that is certain. */
  readonly cpe?: string;
  readonly license?: string;
  /** Of what it was taken from, as hexadecimal digits. */
  readonly sum?: Sum;
  readonly description?: string;
  /** The parts that it is made of or imports. */
  readonly needs: readonly string[];
}

export interface Sum {
  readonly algorithm: 'SHA-256' | 'SHA-512';
  readonly content: string;
}
