/** What a command says: each call is one or more whole lines, without the last line's end. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}
