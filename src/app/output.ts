export interface StartOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}
