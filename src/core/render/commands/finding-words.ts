/** One finding for a person. */
export interface FindingText {
  /** A sentence without its end, of any length. */
  readonly text: string;
  /** What to do about it; null where there is nothing to say. */
  readonly remedy: string | null;
  /** Commands to type, each on a line of its own; to be broken nowhere. */
  readonly commands: readonly string[];
}

export const said = (
  text: string,
  remedy: string | null = null,
  commands: readonly string[] = [],
): FindingText => ({
  text,
  remedy,
  commands,
});
