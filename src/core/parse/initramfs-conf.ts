/** The last value a shell-style configuration file gives a variable (`RESUME=UUID=…`); null when it sets none. */
export function lastAssignment(text: string, variable: string): string | null {
  let value: string | null = null;
  for (const line of text.split('\n')) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/.exec(line);
    if (match?.[1] === variable) value = firstShellWord(match[2] ?? '');
  }
  return value;
}

/** Quotes taken off; ends at a blank, `;` or a comment. Nothing is expanded. */
function firstShellWord(text: string): string {
  const word = /^(?:"[^"]*"|'[^']*'|[^\s;#"']|(?<=\S)#)*/.exec(text)?.[0] ?? '';
  return word.replace(/["']/g, '');
}

/** Names of configuration files that run-parts style folders take, as initramfs-tools does. */
export const isConfName = (name: string): boolean =>
  /^[A-Za-z0-9_.-]+$/.test(name) && !/(~|\.bak|\.dpkg-[a-z]+)$/.test(name);
