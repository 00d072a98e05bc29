// The lines of the README that make a machine know the repository and install from it, with the address of a web server on the machine itself.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../tools/project.ts';

export const PORT = 8080;

export function administratorsLines(): readonly string[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const [, block = ''] = /```sh\n((?:.*\n)*?.*keyrings.*\n(?:.*\n)*?)```/.exec(readme) ?? [];
  const known = block
    .trim()
    .split('\n')
    .filter((line) => /keyrings/.test(line));
  const [, install = ''] = /^Then `(sudo apt update && .*)`\.$/m.exec(readme) ?? [];
  if (known.length !== 2 || install === '')
    throw new Error('the README has no longer two lines and an install command');
  return [...known, install].map((line) =>
    line.replace('https://packages.example.org', `http://127.0.0.1:${PORT}`),
  );
}
