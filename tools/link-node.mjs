// Runs after npm has installed the packages, under whatever Node npm runs on. npm 9 leaves node_modules/.bin/node out: the
// package of the other processor, which it skips, has a program of the same name.
import { existsSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = join(dirname(dirname(fileURLToPath(import.meta.url))), 'node_modules');
const program = `../node-linux-${process.arch}/bin/node`;
const link = join(modules, '.bin', 'node');
if (!existsSync(link) && existsSync(join(modules, '.bin', program))) symlinkSync(program, link);
