/**
 * A device's record in udev's database (`/run/udev/data/bMAJOR:MINOR`): its properties, the lines `E:KEY=VALUE`.
 * Lines of other kinds and lines without `=` are passed over; the format is udev's own and grows.
 */
export function parseUdevRecord(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (line.startsWith('E:') && equals > 2) properties.set(line.slice(2, equals), line.slice(equals + 1));
  }
  return properties;
}
