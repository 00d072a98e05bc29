/** The value of `start --copy`: choices from 1 to 9, separated by commas; null when it is something else. */
export function copyNumbers(text: string): readonly number[] | null {
  return /^[1-9](,[1-9])*$/.test(text) ? text.split(',').map(Number) : null;
}
