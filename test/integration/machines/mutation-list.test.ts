import { readFileSync } from 'node:fs';
import { test } from 'tap';
import { mutations } from '../../boot/machines/mutation-list.ts';

test('each fault is one that the source can have', async (t) => {
  for (const { name, file, from, to } of mutations) {
    const text = readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
    t.equal(text.split(from).length, 2, `${name}: once in ${file}`);
    t.not(from, to);
  }
});
