const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
];

/** `3 days ago`, `just now`; a date that has not come yet is said to be in the future. */
export function ageWords(timeMs: number, nowMs: number): string {
  const age = nowMs - timeMs;
  if (age < -60_000) return 'in the future';
  for (const [ms, name] of UNITS) {
    const count = Math.floor(age / ms);
    if (count > 0) return `${count} ${name}${count === 1 ? '' : 's'} ago`;
  }
  return 'just now';
}
