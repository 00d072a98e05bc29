/** What a command of the program in the image takes: the full program's own options, without its parser. */
export interface Syntax {
  /** Options with a value, without the dashes. */
  readonly values: readonly string[];
  readonly flags: readonly string[];
  readonly operands: boolean;
}

export interface ParsedArguments {
  readonly values: ReadonlyMap<string, string>;
  readonly flags: ReadonlySet<string>;
  readonly operands: readonly string[];
}

/** `--name VALUE`, `--name=VALUE`, `--flag`, operands, `--`; a text says what is wrong. */
export function parseImageArguments(words: readonly string[], syntax: Syntax): ParsedArguments | string {
  const values = new Map<string, string>();
  const flags = new Set<string>();
  const operands: string[] = [];
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      operands.push(...rest.splice(0));
    } else if (word.startsWith('-') && word !== '-') {
      const [, name = '', given] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
      if (syntax.flags.includes(name) && given === undefined) flags.add(name);
      else if (syntax.values.includes(name)) {
        const value = given ?? rest.shift();
        if (value === undefined) return `option --${name} needs a value`;
        values.set(name, value);
      } else return `unknown option ${word}`;
    } else operands.push(word);
  }
  const [surplus] = operands;
  if (!syntax.operands && surplus !== undefined) return `unexpected argument ${surplus}`;
  return { values, flags, operands };
}
