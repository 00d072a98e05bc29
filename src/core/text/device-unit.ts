/** Longer names are none of systemd's. */
const MAX_UNIT_NAME = 255;

/**
 * The unit that systemd waits for where fstab or crypttab names this path below /dev (`systemd-escape --path --suffix=device`); null where
 * no unit is called so.
 */
export function deviceUnit(path: string): string | null {
  const words = path.split('/').filter((word) => word !== '' && word !== '.');
  if (words[0] !== 'dev' || words.length < 2 || words.includes('..')) return null;
  const bytes = utf8Bytes(words.join('/'));
  if (bytes === null) return null;
  const name = bytes.map((byte) => (byte === SLASH ? '-' : escaped(byte, PLAIN_IN_UNIT))).join('');
  const unit = `${name}.device`;
  return unit.length > MAX_UNIT_NAME ? null : unit;
}

/** Where udev links a device by a tag of its file system or partition: `tag` is as in fstab. */
export function taggedPath(tag: string, value: string): string {
  const name = [...value].map((char) => {
    if (char > '\x7f') return char;
    return escaped(char.charCodeAt(0), PLAIN_IN_LINK);
  });
  return `/dev/disk/by-${tag.toLowerCase()}/${name.join('')}`;
}

const SLASH = 0x2f;
/** VALID_CHARS of unit-name.c without `-`, which stands for a slash; and without `\`. */
const PLAIN_IN_UNIT = /[A-Za-z0-9:_.]/;
/** What udev leaves as it is in the name of a link (device-nodes.c). */
const PLAIN_IN_LINK = /[A-Za-z0-9#+\-.:=@_]/;

function escaped(byte: number, plain: RegExp): string {
  const char = String.fromCharCode(byte);
  return byte < 0x80 && plain.test(char) ? char : `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** null for half a character, which no file's name is. */
function utf8Bytes(text: string): readonly number[] | null {
  try {
    const encoded = encodeURIComponent(text).match(/%[0-9A-F]{2}|[^%]/g) ?? [];
    return encoded.map((part) =>
      part.length === 1 ? part.charCodeAt(0) : Number.parseInt(part.slice(1), 16),
    );
  } catch {
    return null;
  }
}
