/** The value of `start --copy`: choices from 1 to 9, separated by commas, none without it; a text says what is wrong. */
export function copyNumbers(text: string | undefined): readonly number[] | string {
  if (text === undefined) return [];
  return /^[1-9](,[1-9])*$/.test(text)
    ? text.split(',').map(Number)
    : `--copy ${text}: expected numbers from 1 to 9, such as 2 or 2,1`;
}
