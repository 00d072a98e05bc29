import type { CommandSpec } from '../command-table.ts';

export interface ParsedArguments {
  /** Options with a value, those with a preset always. */
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
  readonly operands: readonly string[];
}

/** `--name VALUE`, `--name=VALUE`, `--switch`, operands, `--`; a text says what is wrong. The boot engine has no commander. */
export function parseArguments(words: readonly string[], spec: CommandSpec): ParsedArguments | string {
  const { argument, options } = spec;
  const values = new Map<string, string>();
  const switches = new Set<string>();
  const operands: string[] = [];
  for (const { flag, preset } of options) if (preset !== undefined) values.set(flag, preset);
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      operands.push(...rest.splice(0));
    } else if (word.startsWith('-') && word !== '-') {
      const [, name = '', given] = /^--([a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
      const option = options.find(({ flag }) => flag === name);
      if (option?.value !== undefined) {
        const value = given ?? rest.shift();
        if (value === undefined) return `option --${name} needs a value`;
        values.set(name, value);
      } else if (option !== undefined && given === undefined) switches.add(name);
      else return `unknown option ${word}`;
    } else operands.push(word);
  }
  // What a command cannot do without, it asks for itself.
  const surplus = operands[argument === undefined ? 0 : argument.count === 'one' ? 1 : operands.length];
  return surplus === undefined ? { values, switches, operands } : `unexpected argument ${surplus}`;
}
