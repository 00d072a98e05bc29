/**
 * A device's record in udev's database (`/run/udev/data/bMAJOR:MINOR`): its properties, the lines `E:KEY=VALUE`, and as `DEVLINKS` its links
 * below /dev, the lines `S:LINK`, as `udevadm info` shows them. Lines of other kinds and lines without `=` are passed over; the format is udev's own and grows.
 */
export function parseUdevRecord(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  const links: string[] = [];
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (line.startsWith('E:') && equals > 2) properties.set(line.slice(2, equals), line.slice(equals + 1));
    if (line.startsWith('S:')) links.push(`/dev/${line.slice(2)}`);
  }
  if (links.length > 0) properties.set('DEVLINKS', links.join(' '));
  return properties;
}
