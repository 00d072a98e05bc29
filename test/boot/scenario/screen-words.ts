// Whether a screen says what it should, by what a program has read off its picture: letters it takes for others do not count.

/** Characters that are read for each other in the fonts of consoles and splashes; what is no letter and no digit is left out. */
const READ_ALIKE: Readonly<Record<string, string>> = {
  ...{ '@': '0', '©': '0', o: '0', q: '0' },
  ...{ i: '1', l: '1', '|': '1', j: '1' },
  ...{ z: '2', s: '5', g: '9', b: '8' },
};

/** One of so many letters may be another one, missing or added: none in a short word. */
const LETTERS_FOR_ONE_MISREAD = 12;

/** Words are looked for as a whole, wherever their lines are broken. */
export interface WantedWords {
  readonly words: readonly string[];
  /** Those that must not be there with them. */
  readonly without: readonly string[];
}

/** Why it is not what was wanted, with all that was read; nothing if it is. */
export function screenProblem(read: string, { words, without }: WantedWords): string | undefined {
  const there = letters(read);
  const isThere = (each: string): boolean => isNearlyIn(letters(each), there);
  const problems = [
    ...words.filter((each) => !isThere(each)).map((each) => `without ${JSON.stringify(each)}`),
    ...without.filter(isThere).map((each) => `with ${JSON.stringify(each)}`),
  ];
  return problems.length === 0 ? undefined : `${problems.join(', ')}; read there:\n${read.trim()}`;
}

const letters = (text: string): string =>
  [...text.toLowerCase()]
    .map((character) => READ_ALIKE[character] ?? character)
    .filter((character) => /[a-z0-9]/.test(character))
    .join('');

/** Whether some part of the text differs from the words by few letters (Sellers' algorithm, one row for each letter of the text). */
function isNearlyIn(words: string, text: string): boolean {
  const most = Math.floor(words.length / LETTERS_FOR_ONE_MISREAD);
  // distances[n]: of the first n letters of the words from the nearest part of the text that ends here
  let distances = Array.from({ length: words.length + 1 }, (_, letter) => letter);
  for (const character of text) {
    const next = [0];
    for (let letter = 1; letter <= words.length; letter += 1) {
      const replaced = at(distances, letter - 1) + (words[letter - 1] === character ? 0 : 1);
      next.push(Math.min(replaced, at(distances, letter) + 1, at(next, letter - 1) + 1));
    }
    distances = next;
    if (at(distances, words.length) <= most) return true;
  }
  return false;
}

const at = (distances: readonly number[], letter: number): number => distances[letter] ?? Infinity;
