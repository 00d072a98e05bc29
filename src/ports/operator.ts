/** The person who typed the command, at the other end of its standard input and output. */
export interface Operator {
  /** Shows the prompt and resolves with the next line, without its end; null when the input has ended: nobody answers. */
  ask(prompt: string): Promise<string | null>;
}
