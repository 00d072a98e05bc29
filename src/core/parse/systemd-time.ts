/** `90`, `1min 30s`, `infinity`: systemd.time(7) as a time-out, where 0 is for ever too; null where it cannot be read. */
export function timeoutMs(text: string): number | null {
  if (text === 'infinity') return Number.POSITIVE_INFINITY;
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,6})?)\s*([a-z]*)\s*/g)];
  if (text === '' || parts.map(([part]) => part).join('') !== text) return null;
  const ms = parts.reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNIT_MS[unit] ?? Number.NaN),
    0,
  );
  if (Number.isNaN(ms)) return null;
  return ms === 0 ? Number.POSITIVE_INFINITY : ms;
}

/** How long systemd shall wait for the device, as an option of fstab or crypttab; null where none says. */
export const deviceTimeout = (options: readonly string[]): string | null =>
  options.map((option) => /^x-systemd\.device-timeout=(.*)$/.exec(option)).findLast((found) => found)?.[1] ??
  null;

const UNIT_MS: Readonly<Record<string, number>> = {
  ...{ '': 1000, s: 1000, sec: 1000, second: 1000, seconds: 1000, ms: 1, msec: 1 },
  ...{ m: 60_000, min: 60_000, minute: 60_000, minutes: 60_000, h: 3_600_000, hr: 3_600_000 },
};
