const DAY_MS = 86_400_000;

/** `2026-11-20 23:56 UTC`, from milliseconds since 1970; without the runtime's calendar, so that core/ needs none. */
export function utcDate(timeMs: number): string {
  const days = Math.floor(timeMs / DAY_MS);
  const minutes = Math.floor((timeMs - days * DAY_MS) / 60_000);
  // Days are counted in 400-year cycles from 0000-03-01, so that the leap day ends a year (proleptic Gregorian).
  const shifted = days + 719_468;
  const cycle = Math.floor(shifted / 146_097);
  const dayOfCycle = shifted - cycle * 146_097;
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36_524) -
      Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)} ${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)} UTC`;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
