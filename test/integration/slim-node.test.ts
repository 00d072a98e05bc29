// The Node that the program goes into does what the stock one does, as far as the program asks for it, and is smaller.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import t from 'tap';
import { hostArch } from '../../tools/build/arch.ts';
import { findBaseNode } from '../../tools/build/base-node.ts';
import { buildBinary } from '../../tools/build/build.ts';
import { cachedNode, pkgHome } from '../../tools/build/pkg-home.ts';
import { faultsOfMapping } from '../support/mapped-program.ts';

/** docs/adr/0021: what every machine has on its disk. */
const SIZE_BUDGET_BYTES = 82_000_000;

const arch = hostArch();
const program = await buildBinary(arch);
const stock = await findBaseNode(arch);
t.setTimeout(600_000);

t.test('the program keeps within its size', async (t) => {
  const { size } = statSync(program);
  t.ok(size <= SIZE_BUDGET_BYTES, `${size} bytes, at most ${SIZE_BUDGET_BYTES}`);
});

t.test('any kernel can map it', async (t) => {
  t.strictSame(faultsOfMapping(program), []);
});

/** All that asks ICU: order by number, classes of characters, normal forms, cases, local time, decoders, English itself. */
const ASKED = `JSON.stringify([
  ['6.1.0-9', '6.1.0-10', '6.12', 'a', 'B'].sort((a, b) => b.localeCompare(a, 'en', { numeric: true })),
  ['\\u00e9\\u4e2d1_- \\t\\u{1f600}', '\\u0430\\u0301\\ud800'].map((text) =>
    ['L', 'N', 'M', 'Emoji', 'Emoji_Presentation', 'Emoji_Modifier_Base', 'Separator', 'Other', 'Control', 'ID_Continue', 'Script=Han', 'RGI_Emoji'].map(
      (name) => text.replace(new RegExp('\\\\p{' + name + '}', name === 'RGI_Emoji' ? 'gv' : 'gu'), '#'))),
  ['NFC', 'NFD', 'NFKC', 'NFKD'].map((form) => '\\u00e9\\ufb01\\u212b'.normalize(form)),
  'STRASSE\\u00df\\u0130i\\u03a3'.toLowerCase(), '\\u00df\\ufb01\\u0131'.toUpperCase(), /\\u017f/iu.test('S'),
  ['1996-02-29T12:00', '2026-07-01T00:30', '2040-12-01T00:00'].map((text) => [
    new Date(text).toISOString(), new Date(text + 'Z').toString().replace(/ \\(.*/, ''), new Date(text).getTimezoneOffset()]),
  ['utf-8', 'utf-16le', 'latin1'].map((name) => new TextDecoder(name).decode(new Uint8Array([0x41, 0xe9, 0xff, 0x42]))),
  new URL('http://m\\u00fcnchen.example/\\u00e9?\\u00df').href,
  new Date(0).toLocaleString('en', { timeZone: 'UTC' }), (1234567.891).toLocaleString('en'),
  [process.versions.icu, process.versions.unicode, process.versions.tz, process.versions.cldr],
])`;

t.test(
  'it answers as the stock one does',
  { skip: stock === null ? 'npm has installed no Node for this machine: nothing was cut' : false },
  async (t) => {
    if (stock === null) return;
    const slim = cachedNode(await pkgHome(arch, stock), arch, stock);
    const answer = (node: string, script: string, env: Record<string, string>) =>
      spawnSync(node, ['-p', script], { encoding: 'utf8', env, timeout: 120_000 });
    for (const TZ of ['UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kolkata']) {
      const env = { TZ, LC_ALL: TZ === 'Europe/Berlin' ? 'de_DE.UTF-8' : 'C' };
      const [before, after] = [stock.path, slim].map((node) => answer(node, ASKED, env));
      t.equal(after?.stdout, before?.stdout, TZ);
      t.match(after, { status: 0, stderr: '' });
    }
    const GONE = `new Date(0).toLocaleDateString('de', { month: 'long', timeZone: 'UTC' }) +
      ['b', '\\u00e4'].sort(new Intl.Collator('sv').compare) + new Intl.NumberFormat('ar-EG').format(1.5)`;
    t.match(answer(slim, GONE, {}), { status: 0, stdout: /\S/ }, 'another language is English, and no crash');
  },
);
