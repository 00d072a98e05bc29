/**
 * Makes text from disks and files safe for a terminal: every control character, DEL, C1 code and non-ASCII character
 * becomes a visible `\xNN` or `\u{N}`; nothing else changes. Length is bounded, since a hostile name may be long.
 */
export function escapeForConsole(text: string, maxLength = 64): string {
  let out = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0x20 && code < 0x7f) out += char === '\\' ? '\\\\' : char;
    else out += code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
    if (out.length > maxLength) return `${out.slice(0, maxLength - 3)}...`;
  }
  return out;
}
