import { GENERATORS, type Generator } from './generator.ts';

/** Who made an image, by the paths in it; null where nothing tells. */
export function generatorOfImage(paths: Iterable<string>): Generator | null {
  const all = [...paths];
  return GENERATORS.find(({ mark }) => all.some((path) => mark.test(path))) ?? null;
}

/** Who builds the images of a machine, by the programs that are installed. Where both are, the one that the others' packages give way to. */
export const generatorOfMachine = (installed: ReadonlySet<string>): Generator | null =>
  GENERATORS.find(({ programs }) => programs.every((path) => installed.has(path))) ?? null;

/** Every path that tells the generators of a machine apart. */
export const GENERATOR_PROGRAMS: readonly string[] = GENERATORS.flatMap(({ programs }) => programs);
