const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** `2 h 10 min`, `20 s`: the largest unit that fills, and the next one where it is not 0. */
export function durationWords(ms: number): string {
  const first = UNITS.findIndex(([unit]) => ms >= unit);
  const [unit, name] = UNITS[first] ?? [1000, 's'];
  if (first < 0) return '0 s';
  const count = Math.floor(ms / unit);
  const [smaller, smallerName] = UNITS[first + 1] ?? [0, ''];
  const rest = smaller === 0 ? 0 : Math.floor((ms - count * unit) / smaller);
  return rest === 0 ? `${count} ${name}` : `${count} ${name} ${rest} ${smallerName}`;
}
